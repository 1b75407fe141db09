#!/bin/sh
# Starts Redis with protected mode off unless the caller sets it, as the official image is built to do.
# Options given later win over earlier ones, so the caller's come last; a configuration file must come first.
case $1 in
  -v | --version | -h | --help | --test-memory | --check-system) exec /usr/local/libexec/redis-server "$@" ;;
  '' | -*) exec /usr/local/libexec/redis-server --protected-mode no "$@" ;;
esac
if grep -qi '^ *protected-mode' "$1"; then exec /usr/local/libexec/redis-server "$@"; fi
file=$1
shift
exec /usr/local/libexec/redis-server "$file" --protected-mode no "$@"
