package scene

// MotifOf names the motif of a holiday.
func MotifOf(h Holiday) string { return choose(h).name }
