package org.fasthebb.models.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Archives of GNU tar 1.34 in each of its formats, and damaged and hostile ones. */
class TarReaderTest {
  // tar --format=F --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -cf F.tar set,
  // zipped, in base64. The archives of v7 and ustar lack the names that are too long for these
  // formats.
  private static final String V7 =
      """
      H4sIAAAAAAACA+3WSw6CMBhG0Y5dhRtQKfSxHjUNDhCM1ARX40acsTHRmY1KTCyGcM+knbZf/kft/EpElnSs1o+z
      E54v7kYbKeZajEj4uJGou/zXS9/4yF9jlPqQvwnyt0obMRfkH93OFUU1E5ioe/27/cGf/1r/4b2bFgn1P1T++bG9
      thcXbQr05y+f85cyU5b8h3CiBU6+/9enzSp2aXy3/9tMp+z/Q+ZfVGW+2Fald6X/9SDo6f8ytSro/6lS7P+DaICR
      YnoDAAAAAAAAwHs3Lc2E6wAoAAA=
      """;

  private static final String USTAR =
      """
      H4sIAAAAAAACA+2YSw6CMBRFGbsKNqDQ/3pUGhwgGCgJrsaNOGNjoiNTE/nZGsI9k8eMlMN7t22lTRQ4Ju5QQrxq
      h10/n8mrhCLwQF2Zfdm9/heLfF/cQqg6//udaYxj/5LzL/6l7f/5u4Qx/DvnpLOs2ARgpTz7P5lBNLA1Rs1/yiRT
      mP8+0KOJJn2aUf6ZEIws3P/cxvLkP9H64jj+B+Q/t/wrGpOF5//swTq+M6f6RwquO//1+WKuf+1/+/xHYq6w//fl
      Py3be3vTzmKg3z+x/FPJJfx7WT5G4Ornf1UfnN4BTrj/E4rg/OfTf1bk6fZY5Ebn5tdB0DP/CVXW/p8wxXH/54UG
      gIWC9AYAAAAAAACA4TwAZcR3awAoAAA=
      """;

  private static final String GNU =
      """
      H4sIAAAAAAACA+3aQVLCMBiG4a49RS8gJWmabD1AL4GSQUcoDA0zeBov4o6LGdwZGWpHE9C8z6bdMczH/2X+0t66
      qohs6pmm+bh64fXEvW78pWyKBHa9m23LsshU7/OfTdzeRc5fK3Umfx3kb5T/uZRT8o/u0S6X65sCGc///Aeqb87/
      qP6Xsq4N/Z/CpJpUd+26W7RP3fOF+l/oJux/Y3z/t+R//fNvR6sKZJX/6P6vhWw0/Z9N/5sT/a/p///a/3NrN5FX
      TlxZ/5/f/9XX/pfs/ykcZ5EpyHv+7WrjXiJ+xvD8h/emUYb5T5X/Ynt4O7zaaEfycP7ic/5C1EqTf5KvTwVm7Rr2
      PxnOv9//tGL/S9X/3YWwA+aR/+D5L4L5r2th2P+SWPrqL7vZyjIK2c5/v7uP+p/M+Pd/jDSC5/8p8z/2wO3DunO2
      c799Lg/0v5AmeP4npFK8/5PEHvijOL0BAAAAAAAAAAAAAAAA5OwdwHJwOQBQAAA=
      """;

  private static final String POSIX =
      """
      H4sIAAAAAAACA+2bT46bMBjFWecUXKDB/vwvWcx+lr0CnVgzlRISBY+UnqYX6W4uVohahUIzCQk2Ad5vAwoLhL68
      9+zP9jz5mh6ebbqy+zzJrYs8wAq0lMdrQf3KmJGn+/J3zoxSUXyIAvCeu3RfvD6aJoLFqfu+sU/cLNWSL2nB5kaT
      YmxhzKx4+lJ/qkn/eRqBwVNIPvH9jqPEC0Gf1X/9nh8vsRqS/usfN6D6VxIgnbuD81H/dv7PtdLw/8f0fy4W8P9R
      +b8X0bfRP9P/Hf+xIel/oP7/ZtfrLZQ8af1X8n91B93lP0mpDPK/n/znc6bkJ/kvFfJ/XPq/R/TXTB5bz/9IaGEw
      /xtE/SvhYc9wyf/J0L/1F1wQ5n9B4KTjXerenu7+I9jWJLMb0mdBSJ9H0v8VdW7t/4JU2f+B/4+n/p/5v2AN/5ck
      4P9B/F/I/vx/Ze2u7D0hByatf8Zk0/8J/b8QlBKECtD/+zuF2+zcj67fccP6n8H6X1/9v+oKH9b/pqB/L6Jvo//G
      /g/OpEH+9+D/r/uPXx8/bbcLwpfqz6nu/0IpBv8PAVWmf5Xiz7AvcDr+70X0rfyf1/RPWmr4f5DPhwQw/zvlf+aD
      y/3f2v4vIThD/zcIxWzuNADIeuJsD5i0xojDu/59l/di/vNa/gspDfq/QVhvs9c4SzcWUkD+50n+/q2H8X+z/ysL
      S0D+B+CG8x8G/d9x6b8QvdczgDec/1OGY/9PyPpXMqAcEnx52WbOZq6TnlB7/5daYP3vQf2fuIT/j87/Oxf99frn
      1NC/MBLn/4JwAGCgwL0BAAAAANrzG724X+0AUAAA
      """;

  private static final String DEEP = "set/" + "d".repeat(60) + "/" + "e".repeat(50) + "/deep.txt";
  private static final String LONG = "set/" + "n".repeat(120) + ".txt";

  /** Contents by name; null for folders. */
  private static Map<String, String> contents(byte[] tar) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    TarReader reader = new TarReader(new ByteArrayInputStream(tar), "x.tar");
    TarReader.Entry entry;
    while ((entry = reader.next()) != null) {
      byte[] content = reader.content().readAllBytes();
      assertEquals(entry.size(), content.length);
      int at = (int) entry.offset();
      assertTrue(Arrays.equals(content, Arrays.copyOfRange(tar, at, at + content.length)));
      boolean file = entry.kind() == TarReader.EntryKind.FILE;
      contents.put(entry.name(), file ? new String(content, UTF_8) : null);
    }
    assertEquals(-1, reader.content().read());
    return contents;
  }

  /** One of each format. */
  static List<byte[]> archives() throws IOException {
    return List.of(unzipped(V7), unzipped(USTAR), unzipped(GNU), unzipped(POSIX));
  }

  private static byte[] unzipped(String base64) throws IOException {
    byte[] bytes = Base64.getMimeDecoder().decode(base64);
    return new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
  }

  private static Map<String, String> expected() {
    Map<String, String> files = new TreeMap<>();
    files.put("set/", null);
    files.put("set/a.txt", "hello\n");
    files.put("set/empty", "");
    files.put("set/gr\u00fc\u00dfe.txt", "u");
    files.put("set/sub/", null);
    files.put("set/sub/long-content.txt", "x".repeat(700));
    return files;
  }

  @Test
  void archivesOfTar() throws IOException {
    Map<String, String> files = expected();
    assertEquals(files, contents(unzipped(V7)));
    files.put(DEEP.substring(0, 65), null);
    files.put(DEEP.substring(0, 116), null);
    files.put(DEEP, "deep");
    assertEquals(files, contents(unzipped(USTAR)));
    files.put(LONG, "long name");
    assertEquals(files, contents(unzipped(GNU)));
    assertEquals(files, contents(unzipped(POSIX)));
  }

  @Test
  void contentsNeedNotBeRead() throws IOException {
    TarReader reader = new TarReader(new ByteArrayInputStream(unzipped(GNU)), "x.tar");
    int entries = 0;
    while (reader.next() != null) {
      entries++;
    }
    assertEquals(10, entries);
  }

  @Test
  void partsOfContentsCanBeRead() throws IOException {
    TarReader reader = new TarReader(new ByteArrayInputStream(unzipped(USTAR)), "x.tar");
    TarReader.Entry entry;
    while (!(entry = reader.next()).name().endsWith("long-content.txt")) {
      assertEquals(Math.min(1, entry.size()), reader.content().readNBytes(1).length);
    }
    assertEquals("x".repeat(600), new String(reader.content().readNBytes(600), UTF_8));
    assertNull(reader.next());
  }

  /** A header of ustar, with its checksum, and content filled up to whole blocks. */
  private static byte[] entry(String name, char type, String size, String content) {
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 124, size);
    put(header, 156, String.valueOf(type));
    put(header, 257, "ustar\0" + "00");
    return join(sealed(header), Arrays.copyOf(content.getBytes(UTF_8), blocks(content)));
  }

  private static int blocks(String content) {
    return (content.getBytes(UTF_8).length + 511) / 512 * 512;
  }

  private static void put(byte[] into, int at, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    System.arraycopy(bytes, 0, into, at, bytes.length);
  }

  private static byte[] sealed(byte[] header) {
    put(header, 148, "        ");
    int sum = 0;
    for (byte b : header) {
      sum += Byte.toUnsignedInt(b);
    }
    put(header, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
    return header;
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static final byte[] END = new byte[1024];

  @Test
  void binarySizes() throws IOException {
    byte[] header = Arrays.copyOf(entry("a", '0', "", ""), 512);
    header[124] = (byte) 0x80;
    header[135] = 3;
    byte[] tar = join(sealed(header), Arrays.copyOf("abc".getBytes(UTF_8), 512), END);
    assertEquals(Map.of("a", "abc"), contents(tar));
    header[130] = 1; // 2^40 more
    byte[] huge = sealed(header);
    TarReader.Entry entry = new TarReader(new ByteArrayInputStream(huge), "x.tar").next();
    assertEquals((1L << 40) + 3, entry.size());
    header[128] = 1; // 2^56 more
    assertRefused("claims a size of 72058693549555715 bytes", sealed(header));
    Arrays.fill(header, 125, 136, (byte) 0xff);
    assertRefused("has a number that is not octal", sealed(header));
  }

  private static byte[] records(char type, String records) {
    return entry("@", type, Integer.toOctalString(records.length()), records);
  }

  @Test
  void recordsOfPosix() throws IOException {
    String records =
        """
        12 path=b/c
        9 size=2
        6 a=b
        """;
    byte[] tar =
        join(
            records('g', "14 comment=xy\n"),
            records('x', records),
            entry("short", '0', "77", "hi"),
            entry("d", '0', "1", "d"),
            END);
    assertEquals(Map.of("b/c", "hi", "d", "d"), contents(tar));
    for (String bad : List.of("99 path=b\n", "path=b\n", "0 \n", "1 a=b\n", "12345678 ", "3")) {
      assertRefused("has records that cannot be read", records('x', bad));
    }
    assertRefused("claims a size of 1e3 bytes", records('x', "12 size=1e3\n"));
    assertRefused("a file with holes (GNU sparse)", records('x', "22 GNU.sparse.major=1\n"));
  }

  @Test
  void linksHaveNoContent() throws IOException {
    TarReader reader =
        new TarReader(
            new ByteArrayInputStream(join(entry("l", '2', "5", ""), entry("f", '0', "", ""), END)),
            "x.tar");
    assertEquals(new TarReader.Entry("l", TarReader.EntryKind.OTHER, 512, 0), reader.next());
    assertEquals(new TarReader.Entry("f", TarReader.EntryKind.FILE, 1024, 0), reader.next());
  }

  private static void assertRefused(String fact, byte[] tar) {
    String message = assertThrows(DataException.class, () -> contents(join(tar, END))).getMessage();
    assertTrue(message.startsWith("x.tar ") && message.contains(fact), message);
  }

  @Test
  void namesThatLeaveTheFolder() {
    for (String name : new String[] {"/a", "..", "../a", "a/../../b", "./../a", "a//../../b"}) {
      String fact = "has an entry '" + name + "' that leaves its folder";
      assertRefused(fact, entry(name, '0', "", ""));
      assertRefused(fact, entry(name, '5', "", ""));
      assertRefused(
          fact,
          join(
              entry("@", 'L', Integer.toOctalString(name.length()), name),
              entry("good", '0', "", "")));
    }
  }

  @Test
  void absurdSizesAndTypes() {
    assertRefused("claims a name of 8589934591 bytes", entry("@", 'L', "77777777777", ""));
    assertRefused("claims a name of 1048577 bytes", entry("@", 'x', "4000001", ""));
    assertRefused("has a number that is not octal", entry("a", '0', "12x", ""));
    assertRefused("has a number that is not octal", entry("a", '0', "-1", ""));
    assertRefused("has an entry 'a' of the unknown type 'S'", entry("a", 'S', "", ""));
  }

  @Test
  void archivesThatAreCutShort() throws IOException {
    for (String archive : new String[] {V7, USTAR, GNU, POSIX}) {
      byte[] tar = unzipped(archive);
      int end = tar.length;
      while (tar[end - 1] == 0) {
        end--;
      }
      end = (end + 511) / 512 * 512; // of the last content; two blocks of zeros follow
      for (int length = 0; length < end; length += 100) {
        byte[] cut = Arrays.copyOf(tar, length);
        var error = assertThrows(DataException.class, () -> contents(cut));
        assertEquals("x.tar is cut short; get it again.", error.getMessage());
      }
    }
  }

  @Test
  void damagedHeaders() throws IOException {
    byte[] tar = unzipped(USTAR);
    for (int i = 0; i < 500; i += 7) {
      byte[] damaged = tar.clone();
      damaged[i] ^= 1;
      assertThrows(DataException.class, () -> contents(damaged));
    }
    assertRefused(
        "the header before byte 512 has a wrong checksum", "text".repeat(128).getBytes(UTF_8));
  }
}
