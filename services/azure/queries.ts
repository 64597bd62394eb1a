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
    imageId = tostring(properties.storageProfile.imageReference.id),
    imagePublisher = tostring(properties.storageProfile.imageReference.publisher),
    imageOffer = tostring(properties.storageProfile.imageReference.offer),
    imageSku = tostring(properties.storageProfile.imageReference.sku),
    powerState = tostring(properties.extended.instanceView.powerState.code),
    availabilitySet = tostring(properties.availabilitySet.id),
    arcOsType = tostring(properties.osType),
    arcOsName = tostring(properties.osName),
    arcOsSku = tostring(properties.osSku),
    arcStatus = tostring(properties.status),
    statusChanged = tostring(properties.lastStatusChange),
    agentVersion = tostring(properties.agentVersion),
    configMode = tostring(properties.agentConfiguration.configMode),
    extensionsEnabled = tostring(properties.agentConfiguration.extensionsEnabled),
    allowList = properties.agentConfiguration.extensionsAllowList,
    blockList = properties.agentConfiguration.extensionsBlockList,
    machineFqdn = tostring(properties.machineFqdn),
    dnsFqdn = tostring(properties.dnsFqdn),
    esuLicence = tostring(properties.licenseProfile.esuProfile.licenseAssignmentState)
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

  /** The Defender for Servers plans, of subscriptions and of single machines; a plan's extensions as one value, so that a plan without any keeps its row. */
  plans: `securityresources
| where type =~ 'microsoft.security/pricings' and name =~ 'VirtualMachines'
| project id, subscriptionId,
    tier = tostring(properties.pricingTier),
    subPlan = tostring(properties.subPlan),
    extensions = properties.extensions
| order by id asc`,

  /** The last patch assessment of every machine; Resource Graph keeps it for seven days. */
  assessments: `patchassessmentresources
| where type in~ ('microsoft.compute/virtualmachines/patchassessmentresults', 'microsoft.hybridcompute/machines/patchassessmentresults')
| project id,
    status = tostring(properties.status),
    osType = tostring(properties.osType),
    service = tostring(properties.patchServiceUsed),
    rebootPending = tostring(properties.rebootPending),
    assessed = tostring(properties.lastModifiedDateTime),
    errors = properties.errorDetails,
    counts = properties.availablePatchCountByClassification
| order by id asc`,

  /** The updates those assessments found missing: what has a KB number, and Defender's own package on Linux. */
  patches: `patchassessmentresources
| where type in~ ('microsoft.compute/virtualmachines/patchassessmentresults/softwarepatches', 'microsoft.hybridcompute/machines/patchassessmentresults/softwarepatches')
| where isnotempty(tostring(properties.kbId)) or tostring(properties.patchName) startswith 'mdatp'
| project id,
    kb = tostring(properties.kbId),
    patch = tostring(properties.patchName),
    classifications = properties.classifications
| order by id asc`,

  /** Machine configuration assignments; of a report only its beginning, which holds the first reasons. A page may have 16 MB. */
  configurations: `guestconfigurationresources
| where type =~ 'microsoft.guestconfiguration/guestconfigurationassignments'
| project id, name,
    state = tostring(properties.complianceStatus),
    checked = tostring(properties.lastComplianceStatusChecked),
    report = substring(tostring(properties.latestAssignmentReport.resources), 0, 8000)
| order by id asc`,

  /** Which machine, or which scope, has which maintenance configuration. */
  maintenanceAssignments: `maintenanceresources
| where type =~ 'microsoft.maintenance/configurationassignments'
| project id, configuration = tostring(properties.maintenanceConfigurationId)
| order by id asc`,

  /** The maintenance configurations. */
  maintenanceConfigurations: `resources
| where type =~ 'microsoft.maintenance/maintenanceconfigurations'
| project id, name,
    startsAt = tostring(properties.maintenanceWindow.startDateTime),
    recurs = tostring(properties.maintenanceWindow.recurEvery),
    duration = tostring(properties.maintenanceWindow.duration),
    timeZone = tostring(properties.maintenanceWindow.timeZone),
    reboot = tostring(properties.installPatches.rebootSetting)
| order by id asc`,

  /** The two findings of agentless scanning about endpoint detection: is a product there, and is it set up well. */
  edrAssessments: `securityresources
| where type =~ 'microsoft.security/assessments'
| where name in~ ('06e3a6db-6c0c-4ad9-943f-31d9d73ecf6c', 'dc5357d0-3858-4d17-a1a3-072840bff5be')
| project id, name,
    code = tostring(properties.status.code),
    cause = tostring(properties.status.cause),
    additional = properties.additionalData
| order by id asc`,

  /** The management groups above every subscription, the nearest first. */
  ancestors: `resourcecontainers
| where type =~ 'microsoft.resources/subscriptions'
| project id, subscriptionId, above = properties.managementGroupAncestorsChain
| order by id asc`,
} as const;
