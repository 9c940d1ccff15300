# Runs in the guest, among the host's files: brings up the sound system, runs the case, says how it ended, powers off.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TMPDIR=/dev/shm LC_ALL=C.UTF-8
. /run/lab/environment

# The host may run another kernel, and need not have installed this one.
modules="/lib/modules/$(uname -r)"
[ -e "$modules" ] || { mkdir -p /lib/modules && ln -s "$LAB_MACHINE$modules" "$modules"; }
modprobe -a snd-seq snd-hrtimer snd-aloop

# The host's own build may be for a processor that nobody emulates.
mkdir -p "$LAB_CHECKOUT/build/Release"
mount --bind "$LAB_RELEASE" "$LAB_CHECKOUT/build/Release"

ip link set lo up
hostname amp-lab

cd "$LAB_CHECKOUT"

# While the guest waits for the host's files its clock leaps, so programs are in memory before they play.
programs=("$(realpath "$(command -v node)")" build/Release/amp_* node_modules/@julusian/midi/prebuilds/*-linux-x64/*.node)
programs+=("$(command -v aplaymidi)" "$(command -v arecord)" "$(command -v aconnect)")
cat "${programs[@]}" $(ldd "${programs[@]}" | awk '$2 == "=>" { print $3 }' | sort -u) >/dev/null

echo "lab: the case begins at $(cut -d ' ' -f 1 /proc/uptime) s"
bash -eu -o pipefail -c '. "$LAB_GUEST/commands.sh"; . "$LAB_CASE"' </dev/null
echo "lab: the case ended with $?"
sync
echo o >/proc/sysrq-trigger
# No program can be loaded any more.
while :; do :; done
