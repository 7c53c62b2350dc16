/* Prints udevd's messages on video devices as they come, one a line: microseconds since 1970, the action, the node. It ends by a signal.
 * Source: systemd, sd-device/device-monitor.c.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <linux/netlink.h>

int main(void)
{
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT), size = 64 << 20;
	struct sockaddr_nl udev = { .nl_family = AF_NETLINK, .nl_groups = 2 };
	if (fd < 0 || bind(fd, (struct sockaddr *)&udev, sizeof udev) < 0) { perror("netlink"); return 1; }
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (;;) {
		static char m[64 << 10];
		ssize_t n = recv(fd, m, sizeof m - 1, 0);
		struct timespec t;
		clock_gettime(CLOCK_REALTIME, &t);
		if (n < 0) { perror("recv"); return 1; }
		uint32_t at;
		if (n < 40 || memcmp(m, "libudev", 8)) continue;
		memcpy(&at, m + 16, 4);
		m[n] = 0;
		const char *action = "", *subsystem = "", *node = "";
		for (char *p = m + at; p < m + n; p += strlen(p) + 1) {
			if (!strncmp(p, "ACTION=", 7)) action = p + 7;
			if (!strncmp(p, "SUBSYSTEM=", 10)) subsystem = p + 10;
			if (!strncmp(p, "DEVNAME=", 8)) node = p + 8;
		}
		if (!strcmp(subsystem, "video4linux")) printf("%lld %s %s\n", t.tv_sec * 1000000LL + t.tv_nsec / 1000, action, node);
	}
}
