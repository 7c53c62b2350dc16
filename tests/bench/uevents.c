/* Hears udevd's messages on video devices, and reads the agent's stream of events (SSE) on its standard input. Prints a line for each of
 * them that is of interest, with the time at which it arrived in microseconds since 1970:
 *   TIME udev ACTION NODE          TIME list online|offline     (a capture.device_list that a change caused)
 * Ends with its standard input. Source: systemd, sd-device/device-monitor.c.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <linux/netlink.h>

static long long now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static void hear(int fd)
{
	static char m[64 << 10];
	ssize_t n = recv(fd, m, sizeof m - 1, 0);
	long long t = now();
	uint32_t at;
	if (n < 40 || memcmp(m, "libudev", 8)) return;
	memcpy(&at, m + 16, 4);
	m[n] = 0;
	const char *action = "", *subsystem = "", *node = "";
	for (char *p = m + at; p < m + n; p += strlen(p) + 1) {
		if (!strncmp(p, "ACTION=", 7)) action = p + 7;
		if (!strncmp(p, "SUBSYSTEM=", 10)) subsystem = p + 10;
		if (!strncmp(p, "DEVNAME=", 8)) node = p + 8;
	}
	if (!strcmp(subsystem, "video4linux")) printf("%lld udev %s %s\n", t, action, node);
}

static int read_on(void)
{
	static char text[4 << 20];
	static size_t held;
	ssize_t n = read(0, text + held, sizeof text - 1 - held);
	long long t = now();
	if (n <= 0) return 0;
	held += n;
	text[held] = 0;
	char *line = text;
	for (char *end; (end = strchr(line, '\n')); line = end + 1) {
		*end = 0;
		if (strstr(line, "capture.device_list") && strstr(line, "\"cause\":\"change\""))
			printf("%lld list %s\n", t, strstr(line, "\"status\":\"offline\"") ? "offline" : "online");
	}
	held -= line - text;
	memmove(text, line, held);
	return held < sizeof text - 1;
}

int main(void)
{
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT), size = 64 << 20;
	struct sockaddr_nl udev = { .nl_family = AF_NETLINK, .nl_groups = 2 };
	if (fd < 0 || bind(fd, (struct sockaddr *)&udev, sizeof udev) < 0) { perror("netlink"); return 1; }
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
	setvbuf(stdout, NULL, _IOLBF, 0);
	struct pollfd both[] = { { .fd = fd, .events = POLLIN }, { .fd = 0, .events = POLLIN } };
	while (poll(both, 2, -1) >= 0) {
		if (both[0].revents & POLLIN) hear(fd);
		if (both[1].revents && !read_on()) return 0;
	}
	return 1;
}
