export { createPretendAzure, type PretendAzure, type PretendAzureOptions } from './pretend-azure.ts';
