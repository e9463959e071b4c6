package seal

import "encoding/binary"

const (
	minPadded = 512
	maxDouble = 16 << 10 // up to here sizes double, beyond they grow by this step
)

// pad hides how much was written: "no" and four hundred letters about a child give sealed values of one length. It puts
// the length in four bytes before the value and zeros after it, up to the next power of two, or the next 16 KiB when large.
func pad(plain []byte) []byte {
	out := make([]byte, paddedSize(4+len(plain)))
	binary.BigEndian.PutUint32(out, uint32(len(plain)))
	copy(out[4:], plain)
	return out
}

func paddedSize(n int) int {
	if n > maxDouble {
		return (n + maxDouble - 1) / maxDouble * maxDouble
	}
	size := minPadded
	for size < n {
		size *= 2
	}
	return size
}

func unpad(padded []byte) ([]byte, error) {
	if len(padded) < 4 {
		return nil, ErrUnreadable
	}
	n := binary.BigEndian.Uint32(padded)
	if uint64(n) > uint64(len(padded)-4) {
		return nil, ErrUnreadable
	}
	return padded[4 : 4+n], nil
}
