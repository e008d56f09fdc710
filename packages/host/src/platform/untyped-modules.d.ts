/** What this package uses of fs-native-extensions 1.5, which brings no types. */
declare module "fs-native-extensions" {
  interface NativeLocks {
    /** Takes the whole file's exclusive lock (open-file-description lock, `LockFileEx`); `false` if another holder has it. */
    tryLock(descriptor: number): boolean;
  }
  const locks: NativeLocks;
  // oxlint-disable-next-line import/no-default-export -- a CommonJS package
  export default locks;
}

/** What this package uses of proxy-from-env 2.1, which brings no types. */
declare module "proxy-from-env" {
  /** The proxy's address as the environment has it, or the empty text. */
  export function getProxyForUrl(url: string): string;
}
