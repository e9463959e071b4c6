package web

import (
	"net/netip"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// ClientIP is where the request comes from. X-Forwarded-For counts only when a configured proxy wrote it, and is then
// read from its end: what stands further in front came from the client and may be made up.
func ClientIP(c *fiber.Ctx) netip.Addr {
	ip, _ := netip.AddrFromSlice(c.Context().RemoteIP())
	ip = ip.Unmap()
	trusted := current(c).TrustedProxies
	if !within(trusted, ip) {
		return ip
	}
	var hops []string
	for _, header := range c.Request().Header.PeekAll(fiber.HeaderXForwardedFor) {
		hops = append(hops, strings.Split(string(header), ",")...)
	}
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		if ip = hop.Unmap(); !within(trusted, ip) {
			break
		}
	}
	return ip
}

func within(networks []netip.Prefix, ip netip.Addr) bool {
	for _, n := range networks {
		if n.Contains(ip) {
			return true
		}
	}
	return false
}

// ClientNetwork is whom tries are counted against: an IPv4 address, or the /64 that one IPv6 customer has.
func ClientNetwork(c *fiber.Ctx) string {
	ip := ClientIP(c).WithZone("")
	if ip.Is4() || !ip.IsValid() {
		return ip.String()
	}
	network, err := ip.Prefix(64)
	if err != nil {
		return ip.String()
	}
	return network.String()
}
