package pgtest

import "syscall"

// free is the space left in a directory's file system, 0 when there is no such directory.
func free(dir string) uint64 {
	var st syscall.Statfs_t
	if syscall.Statfs(dir, &st) != nil {
		return 0
	}
	return st.Bavail * uint64(st.Bsize)
}
