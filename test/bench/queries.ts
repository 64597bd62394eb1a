const INVENTORY = `resources
| where type in~ ('microsoft.compute/virtualmachines','microsoft.hybridcompute/machines')
| extend arc = type =~ 'microsoft.hybridcompute/machines'
| extend osType = tolower(iff(arc, tostring(properties.osType), tostring(properties.storageProfile.osDisk.osType)))
| extend osName = iff(arc, tostring(properties.osSku), coalesce(tostring(properties.extended.instanceView.osName), strcat(tostring(properties.storageProfile.imageReference.offer), ' ', tostring(properties.storageProfile.imageReference.sku))))
| extend osVersion = iff(arc, tostring(properties.osVersion), tostring(properties.extended.instanceView.osVersion))
| extend status = iff(arc, tostring(properties.status), tostring(properties.extended.instanceView.powerState.code))
| project id = tolower(id), name, subscriptionId, resourceGroup, location, arc, osType, osName, osVersion, status, lastStatusChange = tostring(properties.lastStatusChange), agentVersion = tostring(properties.agentVersion), vmId = tostring(properties.vmId), vmUuid = tostring(properties.vmUuid), fqdn = tostring(properties.machineFqdn), detected = properties.detectedProperties, patchMode = tostring(properties.osProfile.windowsConfiguration.patchSettings.assessmentMode), tags`;

const EXTENSIONS = `resources
| where type in~ ('microsoft.compute/virtualmachines/extensions','microsoft.hybridcompute/machines/extensions')
| where tostring(properties.publisher) =~ 'Microsoft.Azure.AzureDefenderForServers' and tostring(properties.type) in~ ('MDE.Windows','MDE.Linux')
| extend machineId = tostring(split(tolower(id), '/extensions/')[0])
| project id, machineId, ext = tostring(properties.type), state = tostring(properties.provisioningState), ver = tostring(properties.typeHandlerVersion), settings = properties.settings`;

/** The questions a migration asks Resource Graph most. */
export const QUERIES = {
  inventory: `${INVENTORY}\n| order by id asc`,
  extensions: `${EXTENSIONS}\n| order by id asc`,
  join: `${INVENTORY}\n| join kind=leftouter (${EXTENSIONS} | project machineId, ext, state) on $left.id == $right.machineId\n| order by id asc`,
  summarize: `${EXTENSIONS}\n| summarize machines = count() by state`,
} as const;
