#!/bin/sh
# rehearsal: removes CrowdStrike
# Stands for your own removal script. A pretend server knows it by the line above; a real one needs the vendor's own commands here.
echo 'This script is for rehearsals.' >&2
exit 1
