# The root folder that every stand-in starts from, and how programs get into it; sourced by each of them.
# shellcheck shell=bash

. "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/../settings.bash"

umask 022 # what these folders allow is what the images allow

loader=$(echo "$debian_root"/lib*/ld-linux-*.so.*)
libraries=$(echo "$debian_root"/lib/*-linux-gnu)
bundle=${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}

# add ROOT PROGRAM PLACE: a program with the libraries that it loads, which come from the unpacked Debian folder.
add() {
  local library
  mkdir -p "$1/$(dirname "$3")"
  cp -L "$2" "$1/$3"
  "$loader" --inhibit-cache --library-path "$libraries" --list "$2" | sed -n 's/.*=> \(.*\) (0x.*/\1/p' |
    while read -r library; do add_library "$1" "$library"; done
}

add_library() { (cd "$debian_root" && cp -L --parents ".${2#"$debian_root"}" "$1"); }

# make_base ROOT USER...: shell, tools and the files that name things; a USER is name:uid:gid:group:home.
make_base() {
  local root=$1 folder applet user name uid gid group home library; shift
  mkdir -p "$root"/{bin,dev,etc/ssl/certs,home,lib,mnt,opt,proc,root,run,srv,sys,tmp} \
    "$root"/usr/{lib,local/{bin,lib}} "$root"/var/{log,tmp}
  chmod 1777 "$root/tmp" "$root/var/tmp"
  for folder in sbin usr/bin usr/sbin; do ln -s /bin "$root/$folder"; done
  ln -s /run "$root/var/run"

  cp "$debian_root/bin/busybox" "$root/bin/busybox"
  for applet in $("$root/bin/busybox" --list); do
    # a link of that name would replace the program by a link to itself
    [[ $applet == busybox ]] || ln -s busybox "$root/bin/$applet"
  done
  # the ping of busybox is for root alone, this one for every user
  rm "$root/bin/ping"
  add "$root" "$debian_root/usr/bin/ping" /bin/ping

  # busybox is static, yet the C library in it loads these to look up names
  for library in "$libraries"/lib{c,resolv,nss_files,nss_dns}.so.? "$loader"; do add_library "$root" "$library"; done

  cat >"$root/etc/os-release" <<RELEASE
ID=container-counter-stand-in
NAME="container-counter stand-in image"
PRETTY_NAME="container-counter stand-in image (busybox, C library of Debian $(own_release))"
RELEASE
  echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
  printf '127.0.0.1\tlocalhost\n' >"$root/etc/hosts"
  echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
  echo 'root:x:0:' >"$root/etc/group"
  for user in "$@" nobody:65534:65534:nobody:/; do
    IFS=: read -r name uid gid group home <<<"$user"
    echo "$name:x:$uid:$gid::$home:/bin/sh" >>"$root/etc/passwd"
    echo "$group:x:$gid:" >>"$root/etc/group"
    mkdir -p "$root$home"
    [[ $home == / ]] || chown "$uid:$gid" "$root$home"
  done
  # the machine's own bundle, for its way to a package registry may pass through a proxy with a certificate of its own
  if [[ -e $bundle ]]; then
    cp -L "$bundle" "$root/etc/ssl/certs/ca-certificates.crt"
    ln -s certs/ca-certificates.crt "$root/etc/ssl/cert.pem"
  fi
}
