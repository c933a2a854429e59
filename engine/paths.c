// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * paths.c - names of source files in reports, and the files that reports go to
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kmapcheck.h"
#include "report.h"
#include "util.h"

/* The part of @path below the folder @dir, or NULL where it does not lie there. */
static const char *below(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	if (n == 1)
		return path[0] == '/' && path[1] ? path + 1 : NULL;
	if (strncmp(path, dir, n) || path[n] != '/')
		return NULL;
	return path + n + 1;
}

/* Without "." parts and double slashes; ".." is left, what it means depends on links. */
static char *tidy(const char *path)
{
	struct strbuf b = { NULL, 0, 0 };
	bool absolute = *path == '/';

	while (*path) {
		size_t n = strcspn(path, "/");

		if (n && !(n == 1 && *path == '.'))
			strbuf_addf(&b, "%s%.*s", b.len || absolute ? "/" : "", (int)n, path);
		path += n + (path[n] == '/');
	}
	return b.buf ? b.buf : xstrdup(absolute ? "/" : ".");
}

/* As seen from the working directory, else as seen from root: flow texts name files so. */
static char *resolve(const char *root, const char *file)
{
	char *real = realpath(file, NULL), *name;

	if (real || !root || *file == '/')
		return real;
	name = xasprintf("%s/%s", root, file);
	real = realpath(name, NULL);
	free(name);
	return real;
}

char *kc_report_path(const struct kc_options *o, const char *file)
{
	const char *objtree = getenv("objtree"), *in_root, *in_build;
	char *root = o->root ? realpath(o->root, NULL) : NULL;
	char *build = objtree && *objtree ? realpath(objtree, NULL) : NULL;
	char *real = resolve(root, file), *res;

	in_root = real && root ? below(real, root) : NULL;
	in_build = real && build && root && strcmp(build, root) ? below(real, build) : NULL;
	/* One tree may lie inside the other: the inner one holds the file. */
	if (in_root && in_build && strlen(in_root) < strlen(in_build))
		in_build = NULL;
	if (in_build)
		res = xasprintf("@build/%s", in_build);
	else if (in_root)
		res = xstrdup(in_root);
	else if (real)
		res = xstrdup(real);
	else
		res = tidy(file);
	free(root);
	free(build);
	free(real);
	return res;
}

static bool make_folder(const char *path)
{
	struct stat st;

	if (!mkdir(path, 0777))
		return true;
	if (errno != EEXIST || stat(path, &st))
		return false;
	errno = ENOTDIR;
	return S_ISDIR(st.st_mode);
}

/* Every part of a path that ends in '/', like mkdir -p. */
static bool make_folders(const char *path, char **err)
{
	char *p = xstrdup(path), *s;
	bool ok = true;

	for (s = p + 1; ok && *s; s++) {
		if (*s != '/')
			continue;
		*s = '\0';
		if (!make_folder(p)) {
			*err = xasprintf("%s: %s", p, strerror(errno));
			ok = false;
		}
		*s = '/';
	}
	free(p);
	return ok;
}

/* Two hashes, for names longer than a file name may be. */
static void add_hash(struct strbuf *b, const char *s)
{
	uint64_t h = 14695981039346656037u, g = 5381;

	for (; *s; s++) {
		h = (h ^ (unsigned char)*s) * 1099511628211u;
		g = g * 33 + (unsigned char)*s;
	}
	strbuf_addf(b, "%%%016llx%016llx", (unsigned long long)h, (unsigned long long)g);
}

/*
 * The unit's path with '+' for '/'. '+' and '%' themselves are written as %2B and %25, so that different paths have
 * different names; a leading '.' is, so that the file is not hidden.
 */
static void add_unit_name(struct strbuf *b, const char *unit, const char *suffix)
{
	size_t start = b->len, max = NAME_MAX - strlen(suffix);
	const char *s;

	for (s = unit; *s; s++) {
		if (*s == '/')
			strbuf_add(b, "+", 1);
		else if (*s == '+' || *s == '%' || (*s == '.' && s == unit))
			strbuf_addf(b, "%%%02X", *s);
		else
			strbuf_add(b, s, 1);
	}
	if (b->len - start > max) {
		b->len = start + max - 33;
		add_hash(b, unit);
	}
	strbuf_addf(b, "%s", suffix);
}

char *kc_unit_file(const char *where, const char *unit, const char *suffix, char **err)
{
	struct strbuf b = { NULL, 0, 0 };

	if (!*where || where[strlen(where) - 1] != '/')
		return xstrdup(where);
	if (!make_folders(where, err))
		return NULL;
	strbuf_addf(&b, "%s", where);
	add_unit_name(&b, unit, suffix);
	return b.buf;
}

static bool write_all(int fd, const char *buf, size_t len)
{
	while (len) {
		ssize_t n = write(fd, buf, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		buf += n;
		len -= n;
	}
	return true;
}

/* /dev/stdout may be a regular file behind links; what stands below /dev is never replaced. */
static bool is_plain(const char *path)
{
	struct stat st;

	if (!strncmp(path, "/dev/", 5) || !strncmp(path, "/proc/", 6))
		return false;
	return stat(path, &st) || S_ISREG(st.st_mode);
}

static bool put_direct(const char *path, const char *buf, size_t len)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	bool ok = fd >= 0 && write_all(fd, buf, len);

	return fd >= 0 && !close(fd) && ok;
}

static bool put_renamed(const char *path, const char *buf, size_t len)
{
	const char *slash = strrchr(path, '/');
	int saved, dir = slash ? slash - path + 1 : 0;
	char *tmp = xasprintf("%.*s.kmapcheck-XXXXXX", dir, path);
	int fd = mkostemp(tmp, O_CLOEXEC);
	mode_t mask;
	bool ok;

	if (fd < 0) {
		free(tmp);
		return false;
	}
	mask = umask(0);
	umask(mask);
	ok = write_all(fd, buf, len) && !fchmod(fd, 0666 & ~mask);
	if (close(fd))
		ok = false;
	ok = ok && !rename(tmp, path);
	saved = errno;
	if (!ok)
		unlink(tmp);
	free(tmp);
	errno = saved;
	return ok;
}

bool kc_put_file(const char *path, const char *buf, size_t len, char **err)
{
	bool ok;

	if (is_plain(path)) {
		char *real = realpath(path, NULL);	/* so that a link stays one */

		ok = put_renamed(real ? real : path, buf, len);
		free(real);
	} else {
		ok = put_direct(path, buf, len);
	}
	if (!ok)
		*err = xasprintf("%s: %s", path, strerror(errno));
	return ok;
}
