export { folders, type Folders } from "./folders.ts";
export { endChildren, endChildrenOnSignals } from "./platform/children.ts";
export { nodePlatform, type NodePlatformOptions } from "./platform/node-platform.ts";
export { checkedFile, checkedFolder, notWritable, securedFolder } from "./secured.ts";
