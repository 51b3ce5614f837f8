/**
 * Reading an account's commits from the archive. The index only says where to look: a commit counts if its hash is right and, where
 * the one after it is known, if that one is chained to it.
 */
import { decodeCommits } from '../contracts/archive.ts';
import { canonicalText, type StoredCommit } from '../contracts/stored-commit.ts';
import { type Archive, type ArchivedRange, type ArchiveIndex, DamagedCommit, type Digest } from '../ports.ts';

/** Texts that a reader keeps at hand, some 2 MB each: who goes back through a log stays in one for a while. */
const TEXTS_AT_HAND = 4;

export interface ArchiveReaderPorts {
  readonly archive: Archive;
  readonly index: ArchiveIndex;
  readonly digest: Digest;
}

export class ArchiveReader {
  private readonly ports: ArchiveReaderPorts;
  private readonly texts = new Map<string, Promise<string | undefined>>();

  constructor(ports: ArchiveReaderPorts) {
    this.ports = ports;
  }

  /** The commit, or undefined if no closing archived it. Throws {@link DamagedCommit} if the archive does not hold what it should. */
  async read(account: string, version: number): Promise<StoredCommit | undefined> {
    const range = await this.rangeOf(account, version);
    if (range === undefined) return undefined;
    const commit = (await this.commitsOf(range)).find((archived) => archived.version === version);
    if (commit === undefined) throw new DamagedCommit(`${account}@${version} is missing in ${range.name}`);
    return this.checked(commit, undefined);
  }

  /**
   * An account's commits from a version down to the first, newest first.
   *
   * @param hash what the commit above is chained to; undefined if there is none to compare with
   * @throws {DamagedCommit} if one is missing, was changed, or is not chained to the one above
   */
  async *newestFirst(account: string, from: number, hash?: string): AsyncIterable<StoredCommit> {
    let version = from;
    let expected = hash;
    while (version > 0) {
      const range = await this.rangeOf(account, version);
      if (range === undefined)
        throw new DamagedCommit(`${account}@${version} is neither in the log nor in the archive`);
      const byVersion = new Map((await this.commitsOf(range)).map((commit) => [commit.version, commit]));
      for (; version >= range.first; version -= 1) {
        const commit = byVersion.get(version);
        if (commit === undefined) throw new DamagedCommit(`${account}@${version} is missing in ${range.name}`);
        yield this.checked(commit, expected);
        expected = commit.prevHash;
      }
    }
  }

  /**
   * An account's commits of some versions, the oldest first, as far as closings archived them.
   *
   * @throws {DamagedCommit} if a text does not hold what it should
   */
  async *oldestFirst(account: string, first: number, last: number): AsyncIterable<StoredCommit> {
    for (let next = first; next <= last; ) {
      const range = await this.rangeOf(account, next);
      if (range === undefined) return;
      for (const commit of await this.commitsOf(range)) {
        if (commit.version >= next && commit.version <= last) yield this.checked(commit, undefined);
      }
      next = range.last + 1;
    }
  }

  private async rangeOf(account: string, version: number): Promise<ArchivedRange | undefined> {
    const range = await this.ports.index.find(account, version);
    return range !== undefined && range.first <= version && version <= range.last ? range : undefined;
  }

  private async commitsOf({ account, name }: ArchivedRange): Promise<readonly StoredCommit[]> {
    const text = await this.textOf(name);
    if (text === undefined) throw new DamagedCommit(`${name} has left the archive, and ${account} has commits in it`);
    try {
      return decodeCommits(text, account);
    } catch (cause) {
      throw new DamagedCommit(`${name} in the archive cannot be read`, { cause });
    }
  }

  private textOf(name: string): Promise<string | undefined> {
    const known = this.texts.get(name);
    if (known !== undefined) return known;
    const read = this.ports.archive.get(name);
    this.texts.set(name, read);
    // What failed or is not there is asked for again.
    read.then(
      (text) => text ?? this.texts.delete(name),
      () => this.texts.delete(name),
    );
    const [oldest] = this.texts.keys();
    if (this.texts.size > TEXTS_AT_HAND && oldest !== undefined) this.texts.delete(oldest);
    return read;
  }

  private checked(commit: StoredCommit, expected: string | undefined): StoredCommit {
    const { account, version, hash } = commit;
    if (hash !== this.ports.digest(canonicalText(commit)))
      throw new DamagedCommit(`${account}@${version} in the archive has a wrong hash`);
    if (expected !== undefined && hash !== expected)
      throw new DamagedCommit(`${account}@${version} in the archive is not what the commit after it is chained to`);
    return commit;
  }
}
