import { cutConnections } from '../../harness/proxy/cut-connection-cases.ts';

cutConnections('SSL');
