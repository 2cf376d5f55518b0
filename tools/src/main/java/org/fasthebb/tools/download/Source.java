package org.fasthebb.tools.download;

import java.net.URI;

/**
 * The address of an archive, its checksum and its content.
 *
 * @param base the address of the folder that the archive is in
 * @param archive its file name, which ends in .tar.gz or .zip
 * @param size its size in bytes
 * @param md5 its checksum as its authors publish it, 32 lower-case hexadecimal digits
 * @param folder the only folder in it
 */
public record Source(URI base, String archive, long size, String md5, String folder) {
  /** The same archive at another address. */
  public Source from(URI otherBase) {
    return new Source(otherBase, archive, size, md5, folder);
  }

  /** The address of the archive. */
  URI address() {
    String text = base.toString();
    return URI.create(text.endsWith("/") ? text + archive : text + "/" + archive);
  }
}
