/**
 * Every question to Resource Graph. The texts are constant: nothing is ever put into them. They keep to `where`, `project` and
 * `order`, whose limits do not change, and show `id`, without which Resource Graph cuts the answer at one page.
 */
export const queries = {
  /** Azure virtual machines and Arc servers with what the inventory knows of them. */
  machines: `resources
| where type in~ ('microsoft.compute/virtualmachines', 'microsoft.hybridcompute/machines')
| project id, name, type, subscriptionId, resourceGroup, location, tags,
    vmId = tostring(properties.vmId),
    vmOsType = tostring(properties.storageProfile.osDisk.osType),
    vmOsName = tostring(properties.extended.instanceView.osName),
    imageOffer = tostring(properties.storageProfile.imageReference.offer),
    imageSku = tostring(properties.storageProfile.imageReference.sku),
    powerState = tostring(properties.extended.instanceView.powerState.code),
    availabilitySet = tostring(properties.availabilitySet.id),
    arcOsType = tostring(properties.osType),
    arcOsName = tostring(properties.osName),
    arcOsSku = tostring(properties.osSku),
    arcStatus = tostring(properties.status),
    agentVersion = tostring(properties.agentVersion),
    configMode = tostring(properties.agentConfiguration.configMode)
| order by id asc`,

  /** The same machines, ids only: those without an extension must be told from those nobody saw. */
  machineIds: `resources
| where type in~ ('microsoft.compute/virtualmachines', 'microsoft.hybridcompute/machines')
| project id
| order by id asc`,

  /** The Defender for Endpoint extensions. */
  extensions: `resources
| where type in~ ('microsoft.compute/virtualmachines/extensions', 'microsoft.hybridcompute/machines/extensions')
| where tostring(properties.publisher) =~ 'Microsoft.Azure.AzureDefenderForServers'
| where tostring(properties.type) in~ ('MDE.Windows', 'MDE.Linux')
| project id,
    extension = tostring(properties.type),
    state = tostring(properties.provisioningState),
    version = tostring(properties.typeHandlerVersion)
| order by id asc`,

  /** The Defender for Servers plans, of subscriptions and of single machines. */
  plans: `securityresources
| where type =~ 'microsoft.security/pricings' and name =~ 'VirtualMachines'
| project id, subscriptionId, tier = tostring(properties.pricingTier), subPlan = tostring(properties.subPlan)
| order by id asc`,
} as const;
