# rehearsal: removes CrowdStrike
# Stands for your own removal script. A pretend server knows it by the line above; a real one needs the vendor's own commands here.
param([string]$Token)
Write-Error 'This script is for rehearsals.'
exit 1
