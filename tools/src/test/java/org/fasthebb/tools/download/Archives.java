package org.fasthebb.tools.download;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Small made-up archives. */
final class Archives {
  private Archives() {}

  /** An archive of text files, by their names; a name that ends in a slash is a folder. */
  static byte[] tarGz(Map<String, String> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      for (String name : files.keySet()) {
        byte[] content = files.get(name).getBytes(UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  /** An archive with a link that points out of it. */
  static byte[] tarGzWithLink() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      TarArchiveEntry entry = new TarArchiveEntry("set/link", TarArchiveEntry.LF_SYMLINK);
      entry.setLinkName("../..");
      tar.putArchiveEntry(entry);
      tar.closeArchiveEntry();
    }
    return bytes.toByteArray();
  }

  /** As {@link #tarGz}, a zip. */
  static byte[] zip(Map<String, String> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      for (String name : files.keySet()) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(files.get(name).getBytes(UTF_8));
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  /** The source of an archive that holds the folder {@code set}. */
  static Source source(URI base, String name, byte[] archive) {
    try {
      byte[] md5 = MessageDigest.getInstance("MD5").digest(archive);
      return new Source(base, name, HexFormat.of().formatHex(md5), "set");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
