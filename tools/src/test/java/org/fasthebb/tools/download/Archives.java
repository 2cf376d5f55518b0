package org.fasthebb.tools.download;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.fasthebb.testing.TarChecksums;

/** Small made-up archives. */
final class Archives {
  private Archives() {}

  /** An archive of text files, by their names; a name that ends in a slash is a folder. */
  static byte[] tarGz(Map<String, String> files) throws IOException {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    for (String name : files.keySet()) {
      byte[] content = files.get(name).getBytes(UTF_8);
      tar.write(tarHeader(name, name.endsWith("/") ? '5' : '0', content.length));
      tar.write(Arrays.copyOf(content, (content.length + 511) / 512 * 512));
    }
    return gz(tar);
  }

  /** An archive with a link that points out of it. */
  static byte[] tarGzWithLink() throws IOException {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    tar.write(tarHeader("set/link", '2', 0));
    return gz(tar);
  }

  private static byte[] tarHeader(String name, char type, int size) {
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 124, String.format(Locale.ROOT, "%011o", size));
    put(header, 156, String.valueOf(type));
    put(header, 157, type == '2' ? "../.." : "");
    put(header, 257, "ustar\0" + "00");
    return TarChecksums.mended(header);
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  private static byte[] gz(ByteArrayOutputStream tar) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var zipped = new GZIPOutputStream(bytes)) {
      tar.writeTo(zipped);
      zipped.write(new byte[1024]);
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
      return new Source(base, name, archive.length, HexFormat.of().formatHex(md5), "set");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
