#!/bin/bash
# The first process of the guest (User-mode Linux): makes the house, loads SCTP, runs the command, tells its exit status, halts.
# The root file system is that of the host, read-only; $GUEST_SHARE is the same folder, writable.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb
mount -t proc proc /proc
mount -t sysfs sys /sys
# The shared folder may lie below a folder that is hidden next, so it is mounted first and moved.
mount -t hostfs -o "$GUEST_SHARE" share /mnt
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /tmp
mkdir -p /dev/shm /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t devpts devpts /dev/pts
mkdir -p "$GUEST_SHARE"
mount --move /mnt "$GUEST_SHARE"

kernel=$(uname -r)
mount -t tmpfs tmpfs /media
mkdir -p /media/lib/modules
ln -s "/usr/lib/uml/modules/$kernel" "/media/lib/modules/$kernel"
# What the kernel loads by itself (checksums, MACs of SCTP) it would look for in /lib/modules.
printf '#!/bin/sh\nexec /sbin/modprobe -d /media "$@"\n' >/run/modprobe
chmod +x /run/modprobe
echo /run/modprobe >/proc/sys/kernel/modprobe
for module in sctp udp_tunnel veth sch_netem; do modprobe -d /media "$module" 2>/dev/null; done

ip link set lo up
hostname kernel-sctp
if [ -n "$GUEST_ADDRESS" ]; then
  for address in ${GUEST_ADDRESS//+/ }; do
    case $address in *:*) ip addr add "$address" dev vec0 nodad ;; *) ip addr add "$address" dev vec0 ;; esac
  done
  ip link set vec0 up
fi
for tty in tty1 tty2; do stty -F "/dev/$tty" raw -echo; done
cd "$GUEST_SHARE" || exit
# Pipes between, so that no program takes this for a terminal.
mkfifo /run/out /run/err
cat /run/out >/dev/tty1 &
cat /run/err >/dev/tty2 &
bash "$GUEST_WORK/command" </dev/null >/run/out 2>/run/err
status=$?
wait
echo $status >"$GUEST_WORK/status"
sync
echo o >/proc/sysrq-trigger
sleep 10
