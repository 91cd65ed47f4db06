const reasons: Record<string, string> = {
  EACCES: 'permission denied',
  EDQUOT: 'no space left (quota)',
  EEXIST: 'something else is in its place',
  EISDIR: 'it is a folder',
  ENOENT: 'no such file or folder',
  ENOSPC: 'no space left',
  ENOTDIR: 'a part of its path is no folder',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
};

/** Why a file operation failed, in words; what is no error of the file system says so itself. */
export function fileReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}
