package bench

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// cpu is processor time that was used so far.
type cpu struct {
	shop     time.Duration // this process: the shop and the clients
	database time.Duration // the private PostgreSQL with all its processes; 0 when it cannot be told
}

func (c cpu) since(earlier cpu) cpu { return cpu{c.shop - earlier.shop, c.database - earlier.database} }

// spent reads the processor time of this process and of the PostgreSQL in that data directory. On a machine with other work
// it tells more than the clock does.
func spent(cluster string) cpu {
	var own syscall.Rusage
	var c cpu
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err == nil {
		c.shop = time.Duration(own.Utime.Nano() + own.Stime.Nano())
	}
	pidFile, err := os.ReadFile(filepath.Join(cluster, "postmaster.pid"))
	if err != nil {
		return c
	}
	first, _, _ := bytes.Cut(pidFile, []byte("\n"))
	postmaster, err := strconv.Atoi(string(first))
	if err != nil {
		return c
	}
	processes, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well-formed
	for _, file := range processes {
		if p, err := readStat(file); err == nil && (p.pid == postmaster || p.parent == postmaster) {
			c.database += p.own
			if p.pid == postmaster {
				c.database += p.ended
			}
		}
	}
	return c
}

// stat is what Linux tells about a process (proc_pid_stat(5)).
type stat struct {
	pid, parent int
	own, ended  time.Duration // its own time, and that of its ended children
}

// tick is the unit of times in stat: USER_HZ is 100 on every Linux that Go runs on.
const tick = 10 * time.Millisecond

func readStat(file string) (s stat, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return s, err
	}
	end := bytes.LastIndexByte(text, ')') // the name between brackets may hold anything
	fields := bytes.Fields(text[end+1:])
	if end < 0 || len(fields) < 15 {
		return s, fmt.Errorf("bench: %s is not as proc_pid_stat(5) has it", file)
	}
	if s.pid, err = strconv.Atoi(string(bytes.Fields(text)[0])); err != nil {
		return s, err
	}
	number := func(i int) int {
		n, _ := strconv.Atoi(string(fields[i])) // the kernel writes numbers
		return n
	}
	s.parent = number(1)
	s.own, s.ended = time.Duration(number(11)+number(12))*tick, time.Duration(number(13)+number(14))*tick
	return s, nil
}

// resident is how much memory this process holds, in bytes; 0 where the system does not tell.
func resident() int {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, _ := strconv.Atoi(string(bytes.Fields(text)[1])) // the kernel writes numbers
	return pages * os.Getpagesize()
}
