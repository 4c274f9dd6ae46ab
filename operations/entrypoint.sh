#!/bin/sh
# Secrets come as files that a container's user may read; the program wants its key readable for its owner alone, and
# the database's password in DATABASE_URL, never on a command line.
set -eu
umask 077
if [ -r /run/secrets/service_key ]; then
  mkdir -p /tmp/murmur
  cp /run/secrets/service_key /tmp/murmur/service.key
fi
if [ -r /run/secrets/database ]; then
  DATABASE_URL="postgres://murmur:$(cat /run/secrets/database)@database/murmur"
  export DATABASE_URL
fi
exec node /opt/murmuration/node/murmur.js "$@"
