# Fetches and unpacks Debian packages of any release below a folder; sourced with apt_dir set. Installs nothing.
# shellcheck shell=bash
keys=/usr/share/keyrings/debian-archive-keyring.gpg

# configure RELEASE LINE...: an apt that knows these sources alone and believes that nothing is installed, so that it
# fetches whole closures. Of the machine's settings it keeps how to reach the mirror (proxies).
configure() {
  local dir=$apt_dir/$1; shift
  rm -rf "$dir"
  mkdir -p "$dir/lists/partial" "$dir/archives/partial"
  : >"$dir/status"
  printf "deb $([[ -e $keys ]] && echo "[signed-by=$keys]") %s\n" "$@" >"$dir/sources.list"
  { apt-config dump Acquire
    cat <<CONFIG
Dir::Etc::parts "/dev/null";
Dir::Etc::main "/dev/null";
Dir::Etc::sourcelist "$dir/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State "$dir";
Dir::State::status "$dir/status";
Dir::Cache "$dir";
APT::Sandbox::User "root";
APT::Install-Recommends "false";
Debug::NoLocking "true";
CONFIG
  } >"$dir/apt.conf"
  export APT_CONFIG=$dir/apt.conf
  apt-get -qq update
}

# unpack RELEASE FOLDER: the folder appears under its name only when it is complete.
unpack() {
  local new=$2.new deb link
  rm -rf "$new"
  mkdir -p "$new"/usr/{bin,sbin,lib,lib64}
  for link in bin sbin lib lib64; do ln -s "usr/$link" "$new/$link"; done
  for deb in "$apt_dir/$1"/archives/*.deb; do
    # dpkg-deb -x would replace the links just made by folders
    dpkg-deb --fsys-tarfile "$deb" |
      tar -x --keep-directory-symlink --no-same-owner --exclude './usr/share/*' -C "$new"
  done
  mv "$new" "$2"
}
