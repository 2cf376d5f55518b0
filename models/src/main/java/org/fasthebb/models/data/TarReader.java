package org.fasthebb.models.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * The entries of a tar archive, one after the other, and where their content lies.
 *
 * <p>An archive is blocks of 512 bytes: for each entry a header and its content, filled up with
 * zeros; two blocks of zeros mark the end. This class reads the old form (v7), ustar with its name
 * prefix, the long names and binary sizes of GNU, and the path and size records of POSIX (pax).
 *
 * <p>Every fault in an archive is reported as a {@link DataException} of one sentence.
 */
public final class TarReader {
  private static final int BLOCK = 512;
  private static final byte[] USTAR = "ustar\0".getBytes(ISO_8859_1);

  /** Longer names and records (in bytes) are taken for damage. */
  private static final int LONGEST_RECORD = 1 << 20;

  /** Longer contents (over 2^50 bytes) are taken for damage. */
  private static final long LONGEST_CONTENT = 1L << 50;

  private final InputStream in;
  private final String archive;
  private final byte[] header = new byte[BLOCK];
  private long position;

  /** Where the content of the entry ends, and where the next header starts. */
  private long end;

  private long nextHeader;

  /** What an entry is. */
  public enum EntryKind {
    /** A file. */
    FILE,
    /** A folder. */
    FOLDER,
    /** A link, a device or something else without content. */
    OTHER
  }

  /**
   * An entry.
   *
   * @param name its path with slashes, which does not leave the folder it is unpacked into
   * @param offset of its content, in bytes from the start of the archive
   * @param size of its content in bytes
   */
  public record Entry(String name, EntryKind kind, long offset, long size) {}

  /**
   * Reads from the start of an archive.
   *
   * @param in the uncompressed archive; its skip should be cheap, since contents may be skipped
   * @param archive what to call it in messages
   */
  public TarReader(InputStream in, String archive) {
    this.in = in;
    this.archive = archive;
  }

  /**
   * Goes to the next entry, skipping the unread content of this one.
   *
   * @return null at the end of the archive
   * @throws IOException if the stream cannot be read
   * @throws DataException if the archive is cut short, damaged or of an unknown form, or the entry
   *     leaves its folder
   */
  public Entry next() throws IOException {
    String name = null;
    long size = -1;
    while (true) {
      skip(nextHeader - position);
      if (!readHeader()) {
        return null;
      }
      char type = (char) Byte.toUnsignedInt(header[156]);
      long written = number(124, 12);
      switch (type) {
        case 'L' -> name = text(record(written), 0, (int) written);
        case 'x' -> {
          byte[] records = record(written);
          name = orElse(pax(records, "path"), name);
          size = size(pax(records, "size"), size);
        }
        case 'K', 'g' -> end(written); // the target of a link, or records for all entries: not used
        default -> {
          return entry(type, orElse(name, headerName()), size < 0 ? written : size);
        }
      }
    }
  }

  private Entry entry(char type, String name, long size) {
    if (leavesItsFolder(name)) {
      throw new DataException(
          "%s has an entry '%s' that leaves its folder; get it from another place."
              .formatted(archive, name));
    }
    EntryKind kind =
        switch (type) {
          case '0', '\0', '7' -> name.endsWith("/") ? EntryKind.FOLDER : EntryKind.FILE;
          case '5' -> EntryKind.FOLDER;
          case '1', '2', '3', '4', '6' -> EntryKind.OTHER;
          default ->
              throw new DataException(
                  "%s has an entry '%s' of the unknown type '%s'; unpack it by other means."
                      .formatted(archive, name, type));
        };
    long content = kind == EntryKind.FILE ? size : 0; // for others it is a hint, without content
    end(content);
    return new Entry(name, kind, position, content);
  }

  /** Notes that {@code size} bytes of content follow. */
  private void end(long size) {
    if (size < 0 || size > LONGEST_CONTENT) {
      throw damaged("claims a size of " + size + " bytes");
    }
    end = position + size;
    nextHeader = position + (size + BLOCK - 1) / BLOCK * BLOCK;
  }

  /** The content of the entry. It ends with the entry, and closing it does nothing. */
  public InputStream content() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
      }

      @Override
      public int read(byte[] into, int at, int length) throws IOException {
        int most = (int) Math.min(length, end - position);
        if (most == 0) {
          return length == 0 ? 0 : -1;
        }
        int read = in.read(into, at, most);
        if (read < 0) {
          throw cutShort();
        }
        position += read;
        return read;
      }
    };
  }

  /** Reads a header; returns false at the end of the archive. */
  private boolean readHeader() throws IOException {
    read(header);
    int sum = sum(0, BLOCK);
    boolean zeros = sum == 0;
    // The checksum itself counts as 8 spaces.
    if (!zeros && octal(148, 8) != sum - sum(148, 8) + 8 * ' ') {
      throw damaged("has a wrong checksum");
    }
    end = position;
    return !zeros;
  }

  private int sum(int from, int length) {
    int sum = 0;
    for (int i = from; i < from + length; i++) {
      sum += Byte.toUnsignedInt(header[i]);
    }
    return sum;
  }

  /** The content of an entry that describes the next one. */
  private byte[] record(long size) throws IOException {
    if (size < 0 || size > LONGEST_RECORD) {
      throw damaged("claims a name of " + size + " bytes");
    }
    end(size);
    byte[] record = new byte[(int) size];
    read(record);
    return record;
  }

  private void read(byte[] into) throws IOException {
    int read = in.readNBytes(into, 0, into.length);
    position += read;
    if (read < into.length) {
      throw cutShort();
    }
  }

  private void skip(long bytes) throws IOException {
    try {
      in.skipNBytes(bytes);
    } catch (EOFException e) {
      throw cutShort();
    }
    position += bytes;
  }

  private String headerName() {
    String name = text(header, 0, 100);
    boolean ustar = Arrays.equals(header, 257, 257 + USTAR.length, USTAR, 0, USTAR.length);
    String prefix = ustar ? text(header, 345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  /** Bytes up to the first zero, as text. */
  private static String text(byte[] bytes, int from, int length) {
    int to = from;
    while (to < from + length && bytes[to] != 0) {
      to++;
    }
    return new String(bytes, from, to - from, UTF_8);
  }

  /** A number in a header: octal digits, or binary if the first bit is set. */
  private long number(int from, int length) {
    long number;
    if (header[from] >= 0) {
      number = octal(from, length);
    } else {
      byte[] field = Arrays.copyOfRange(header, from, from + length);
      field[0] &= 0x7f;
      BigInteger binary = new BigInteger(field);
      number = binary.bitLength() < Long.SIZE ? binary.longValue() : -1;
    }
    if (number < 0) {
      throw damaged("has a number that is not octal");
    }
    return number;
  }

  /** Octal digits between blanks, up to a zero byte; 0 if there are none, -1 for anything else. */
  private long octal(int from, int length) {
    int at = from;
    int to = from;
    while (to < from + length && header[to] != 0) {
      to++;
    }
    while (at < to && header[at] == ' ') {
      at++;
    }
    while (to > at && header[to - 1] == ' ') {
      to--;
    }
    long number = 0;
    for (; at < to; at++) {
      if (header[at] < '0' || header[at] > '7') {
        return -1;
      }
      number = (number << 3) | (header[at] - '0'); // 12 digits at most
    }
    return number;
  }

  private long size(String digits, long otherwise) {
    try {
      return digits == null ? otherwise : Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw damaged("claims a size of " + digits + " bytes");
    }
  }

  /** The value of a key in records of the form "LENGTH KEY=VALUE\n"; the last one counts. */
  private String pax(byte[] records, String key) {
    String value = null;
    for (int at = 0; at < records.length; ) {
      int space = at;
      while (space < records.length && records[space] >= '0' && records[space] <= '9') {
        space++;
      }
      String digits = new String(records, at, space - at, ISO_8859_1);
      int length = digits.isEmpty() || digits.length() > 7 ? 0 : Integer.parseInt(digits);
      if (length < space - at + 2 || length > records.length - at || records[space] != ' ') {
        throw damaged("has records that cannot be read");
      }
      String record = new String(records, space + 1, at + length - space - 2, UTF_8);
      if (record.startsWith("GNU.sparse.")) {
        throw new DataException(
            "%s has a file with holes (GNU sparse); pack it without.".formatted(archive));
      }
      if (record.startsWith(key + "=")) {
        value = record.substring(key.length() + 1);
      }
      at += length;
    }
    return value;
  }

  private static <T> T orElse(T value, T otherwise) {
    return value != null ? value : otherwise;
  }

  private static boolean leavesItsFolder(String name) {
    if (!name.contains("..")) {
      return name.startsWith("/");
    }
    int depth = 0;
    for (String part : name.split("/")) {
      depth += part.equals("..") ? -1 : part.isEmpty() || part.equals(".") ? 0 : 1;
      if (depth < 0) {
        return true;
      }
    }
    return name.startsWith("/");
  }

  private DataException damaged(String fact) {
    return new DataException(
        "%s is damaged or no tar archive: the header before byte %s %s; get it again."
            .formatted(archive, position, fact));
  }

  private DataException cutShort() {
    return new DataException("%s is cut short; get it again.".formatted(archive));
  }
}
