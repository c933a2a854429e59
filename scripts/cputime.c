// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cputime LOG PROGRAM [ARGUMENT]...: run a program with its output in LOG, and print what it took
 *
 * One line: CPU time in seconds, user and system, of it and of its children, its largest resident size in KiB, and its
 * exit status (128 and the signal's number for one that was killed). times(1) of a shell counts in hundredths of a second.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void run(const char *log, char **argv)
{
	int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	if (fd < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0)
		_exit(127);
	close(fd);
	execvp(argv[0], argv);
	_exit(127);
}

static double seconds(const struct timeval *t)
{
	return t->tv_sec + t->tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	struct rusage used;
	int status;
	pid_t pid;

	if (argc < 3) {
		fprintf(stderr, "usage: cputime LOG PROGRAM [ARGUMENT]...\n");
		return 2;
	}
	pid = fork();
	if (pid == 0)
		run(argv[1], argv + 2);
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || getrusage(RUSAGE_CHILDREN, &used) < 0) {
		perror("cputime");
		return 2;
	}
	printf("%.6f %ld %d\n", seconds(&used.ru_utime) + seconds(&used.ru_stime), used.ru_maxrss,
	       WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return 0;
}
