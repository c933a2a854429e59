#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# scripts/get-sparse, with an apt that only writes down what it is asked for.
. testcases/tap.sh

get=$top/scripts/get-sparse
cd "$tmp" || exit 1
codename=$(. /etc/os-release 2>/dev/null && echo "${VERSION_CODENAME:-}")
[ -n "$codename" ] || skip_all 'no release name in /etc/os-release'
mkdir bin parts

cat >bin/apt-config <<END
#!/bin/sh
echo "list='$tmp/sources.list'"
echo "parts='$tmp/parts/'"
END
cat >bin/apt-get <<'END'
#!/bin/sh
for a; do
	case $a in
	Dir::Etc::sourceparts=*) cat "${a#*=}"/own.sources >"$SEEN" ;;
	source) mkdir -p sparse-1.0 && echo 'int main;' >sparse-1.0/sparse.c ;;
	fail) exit 1 ;;
	esac
done
[ -z "$BREAK" ] || { echo "E: cannot reach it"; exit 100; }
END
printf '#!/bin/sh\nexit 0\n' >bin/dpkg-source
chmod +x bin/*
PATH=$tmp/bin:$PATH
SEEN=$tmp/seen
BREAK=
export PATH SEEN BREAK

run "$get" --nonsense dir
exits 2 'an unknown option'
run "$get"
exits 2 'no folder'
mkdir have other
: >have/sparse.c
run "$get" have
exits 0 'what is there is not fetched again'
[ ! -e seen ]
ok $? '... and apt is not asked'
run "$get" other
exits 2 'a folder of something else is left alone'

run "$get" new
exits 2 'no archive among the sources'
has 'SPARSE_SRC' '... and what to do then is said'

cat >parts/system.sources <<END
# a comment
Types: deb
URIs: http://security.example/debian-security
Suites: $codename-security
Components: main
Signed-By: /usr/share/keyrings/security.gpg

Types: deb
URIs: http://archive.example/debian
Suites: $codename-updates $codename
Components: contrib main
Signed-By: /usr/share/keyrings/own.gpg

Enabled: no
Types: deb
URIs: http://disabled.example/debian
Suites: $codename
Components: main
END
run "$get" new
exits 0 'the package is fetched'
[ -f new/sparse.c ]
ok $? '... and its source is there'
run cat seen
same "Types: deb-src
URIs: http://archive.example/debian
Suites: $codename
Components: main
Signed-By: /usr/share/keyrings/own.gpg" 'the archive is that of the release, with its key'
run "$get" --suite sid newest
run cat seen
has 'Suites: sid' 'another suite'
has 'http://archive.example/debian' '... of the same archive'

rm parts/system.sources
echo "deb [arch=amd64 signed-by=/k.gpg] http://line.example/debian $codename main # end" >sources.list
run "$get" line
run cat seen
has 'URIs: http://line.example/debian' 'sources in lines are read as well'
has 'Signed-By: /k.gpg' '... with their options'

BREAK=1
run "$get" broken
exits 2 'apt fails'
has 'E: cannot reach it' '... and its words are shown'
out=$(ls -d broken* 2>/dev/null)
same '' '... and nothing is left behind'
finish
