#!/bin/sh
# Starts Redis as the user redis, who owns /data, as the official image does.
set -e

# options or a configuration file alone are meant for redis-server
if [ "${1#-}" != "$1" ] || [ "${1%.conf}" != "$1" ]; then
  set -- redis-server "$@"
fi

if [ "$1" = redis-server ] && [ "$(id -u)" = 0 ]; then
  find . \! -user redis -exec chown redis '{}' +
  # by its path: the shell would take its own setpriv, which changes no user
  exec /usr/local/libexec/setpriv --reuid=redis --regid=redis --clear-groups -- "$0" "$@"
fi

# what Redis writes is its own business, unless someone has set another mask
if [ "$(umask)" = 0022 ]; then umask 0077; fi
exec "$@"
