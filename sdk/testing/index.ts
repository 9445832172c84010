/** For the tests of a plugin: the real sandbox, a vendor that the test plays, recordings, and what the manifest promises. */
export { type ContractCheck, checkContract } from './check-contract.ts';
export { type Hostility, hostileVendor, hostilities } from './hostile-vendor.ts';
export { type RecordedVendor, recordedVendor } from './recorded-vendor.ts';
export { type Outcome, type RecordedCall, type ReplayedCall, replayRecording } from './replay-recording.ts';
export { CallFailed, type PluginUnderTest, type TestOptions, testPlugin } from './test-plugin.ts';
export type { Vendor, VendorAnswer, VendorRequest } from './vendor.ts';
