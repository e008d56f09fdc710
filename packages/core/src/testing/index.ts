export { fakeClock, type FakeClock } from "./fake-clock.ts";
export { fakeFiles, systemError, type FakeFiles } from "./fake-files.ts";
export { fakePlatform, type FakePlatform, type FakePlatformOptions } from "./fake-platform.ts";
export { fakeIdentity, fakeNotes } from "./fake-source.ts";
