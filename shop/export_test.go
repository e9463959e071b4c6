package shop

import "fmt"

// Routes lists the table as the reviewed list has it: "METHOD path role".
func Routes(cfg Config) (lines []string) {
	for _, r := range table(cfg) {
		lines = append(lines, fmt.Sprintf("%s %s %s", r.method, r.path, r.role.name))
	}
	return lines
}
