#!/usr/bin/env bash
# Fetches the jars of an Apache Kafka broker from Maven Central, checks them against the checksums beside this script, and
# prints the directory they are in. They are kept in a cache whose name holds the checksum of the checksums, so that another
# list means another directory.
#
#   fetch-broker.sh 4.3.1
#
# To take up another version: write an empty kafka-VERSION.sha256, run the script, and copy what it prints into the file.
set -euo pipefail
export LC_ALL=C
version=${1:?usage: fetch-broker.sh VERSION}
here=$(cd "$(dirname "$0")" && pwd)
checksums=$here/kafka-$version.sha256
cache=${MILLRACE_KAFKA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/millrace/kafka}
libs=$cache/$version-$(sha256sum < "$checksums" | cut -c1-16)

if [[ ! -d $libs ]]; then
  command -v mvn > /dev/null || { echo "no 'mvn' on the PATH" >&2; exit 1; }
  mkdir -p "$cache"
  fetched=$(mktemp -d "$cache/fetching-XXXXXX")
  trap 'rm -rf "$fetched"' EXIT
  mvn --quiet --batch-mode --file "$here/pom.xml" -Dkafka.version="$version" \
    dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$fetched" >&2
  (cd "$fetched" && sha256sum -- *.jar) > "$fetched/SHA256SUMS"
  diff "$checksums" "$fetched/SHA256SUMS" >&2 || { echo "the jars of Kafka $version are not those of $checksums" >&2; exit 1; }
  mv -T "$fetched" "$libs" 2> /dev/null || [[ -d $libs ]] # another run may have been quicker
fi
echo "$libs"
