# The names and paths that the scripts of the private Docker Engine share; sourced by each of them.
# shellcheck shell=bash disable=SC2034 # each script uses only some of these

tools=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
checkout=$(realpath "$tools/../..")

say() { printf 'engine: %s\n' "$*"; }
die() { printf 'engine: %s\n' "$*" >&2; exit 1; }

# Engine and Compose come from Debian, each version from the release that has it.
case ${ENGINE:=28} in
  28) engine_release=sid own_folder=.engine ;;        # Engine 28.5 with Compose 2.40
  26) engine_release=trixie own_folder=.engine-26 ;; # Engine 26.1 with Compose 2.26: the oldest that is tested
  *) die "ENGINE must be 28 or 26, not '$ENGINE'" ;;
esac
ENGINE_DIR=$(realpath -m "${ENGINE_DIR:-$checkout/$own_folder}")
export ENGINE ENGINE_DIR

# Several engines may run side by side, so the name says which folder this one belongs to.
name=counter-$(printf %s "$ENGINE_DIR" | sha256sum | cut -c1-8)
netns=/run/netns/$name
cgroup=/$name

# A unix socket's path may have 108 bytes at most, and a clone may lie deep: sockets live in a short folder.
run_dir=/run/$name
socket=$run_dir/docker.sock
dockerd_pid=$run_dir/dockerd.pid
outbound_pid=$run_dir/slirp4netns.pid
dockerd_log=$ENGINE_DIR/dockerd.log

debian_root=$ENGINE_DIR/debian        # programs and libraries of this machine's own release
servers_root=$ENGINE_DIR/servers      # Prometheus, promtool and a registry, for tests
docker_root=$ENGINE_DIR/docker-$engine_release # Engine, CLI, Compose, Buildx, containerd
missing_libs=$ENGINE_DIR/lib          # links to the libraries that this machine lacks
docker_config=$ENGINE_DIR/config
spare_programs=$ENGINE_DIR/programs   # for commands under exec, where the machine has none of its own
resolver=10.0.2.3                     # slirp4netns answers DNS here, whatever resolver the machine has

# A second engine, beside the first and joined to it, makes a swarm of two nodes.
second_dir=$ENGINE_DIR-second
join_link=join0                       # the name of the pair's end in either namespace
join_addresses=(10.89.7.1 10.89.7.2)  # of the first and of the second engine

podman_dir=$ENGINE_DIR-podman          # of tools/engine/podman

stand_in_label=container-counter.stand-in
images=(node:26-alpine redis:8-alpine redis:latest nginx:latest alpine:latest busybox:latest prom/prometheus:latest registry:2)

# apt_sources: each "SITE RELEASE" with a component main in this machine's own configuration. Asked so, apt also
# answers where its lists were never fetched.
apt_sources() {
  apt-get update --print-uris -o Debug::NoLocking=true |
    sed -n "s,^'\(.*\)/dists/\(.*\)/main/binary-.*,\1 \2,p" | sort -u
}

# mirror: the machine's Debian mirror. Others may have a folder of the same release, but none of its updates.
mirror() {
  apt_sources | awk -v own="$(own_release)" '
    $2 == own && !first { first = $1 }
    $2 == own "-updates" && !sure { sure = $1 }
    END { print sure ? sure : first }'
}

own_release() { (. /etc/os-release && echo "${VERSION_CODENAME:-}"); }

# running PIDFILE [FOLDER]: the process is there and is a program of this engine (a stale file may name a stranger).
running() {
  local pid
  pid=$(cat "$1" 2>/dev/null) && is_own "/proc/$pid/exe" "${2:-$ENGINE_DIR}"
}

# is_own EXE FOLDER: the link of a process leads to a program below the folder, which Podman takes for its root.
is_own() {
  local program
  program=$(readlink "$1") && [[ $program == "$2"/* || $1 -ef $2/root$program ]]
}

docker() {
  DOCKER_HOST=unix://$socket DOCKER_CONFIG=$docker_config timeout "${patience:-600}" "$docker_root/usr/bin/docker" "$@"
}

engine_answers() { [[ -S $socket ]] && patience=5 docker version >/dev/null 2>&1; }
