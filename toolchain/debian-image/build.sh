#!/bin/sh
# Writes the root file system of the one image that stands for all services where no container registry can
# be reached, as a tar stream on standard output: build.sh NODE_BINARY PACKAGE... | docker import - NAME
# PACKAGEs are those of the targets. The image is addressed by the hash of this file, of these and of the Node version:
# change one and it is built anew.
set -eu
node=$1
shift
exec mmdebstrap --quiet --variant=apt \
  --include="postgresql openssl ca-certificates wget $*" \
  --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --customize-hook="upload '$node' /usr/local/bin/node" \
  --customize-hook='chmod 755 "$1/usr/local/bin/node"' \
  bookworm - ${BENCH_DEBIAN_MIRROR:+"$BENCH_DEBIAN_MIRROR"}
