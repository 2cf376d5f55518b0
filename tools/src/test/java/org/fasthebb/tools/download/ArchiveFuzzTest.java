package org.fasthebb.tools.download;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.fasthebb.models.data.DataException;
import org.fasthebb.testing.FuzzTest;
import org.fasthebb.testing.TarChecksums;

/**
 * Damaged archives, which must not write outside of their folder. The first byte of an input says
 * what it is: a zip, a tar.gz, or a tar, which is zipped here so that it is whole as a gzip file.
 */
class ArchiveFuzzTest extends FuzzTest {
  private static final Watcher SILENT =
      new Watcher() {
        @Override
        public void message(String text) {}

        @Override
        public void step(String phase, long done, long total) {}
      };

  @Override
  protected List<byte[]> seeds() throws IOException {
    Map<String, String> files =
        new TreeMap<>(Map.of("set/", "", "set/a.txt", "hello", "set/b/c", "x".repeat(700)));
    byte[] tarGz = Archives.tarGz(files);
    byte[] tar = new GZIPInputStream(new ByteArrayInputStream(tarGz)).readAllBytes();
    files.remove("set/");
    return List.of(seed('z', Archives.zip(files)), seed('g', tarGz), seed('t', tar));
  }

  private static byte[] seed(char kind, byte[] archive) {
    return (kind + new String(archive, ISO_8859_1)).getBytes(ISO_8859_1);
  }

  @Override
  protected void parse(byte[] input) throws IOException {
    byte[] archive = Arrays.copyOfRange(input, Math.min(1, input.length), input.length);
    int kind = input.length == 0 ? 0 : input[0];
    Path file = file("archive", kind == 't' ? zipped(TarChecksums.mended(archive)) : archive);
    Path folder = folder().resolve("unpacked");
    Disk.deleteAll(folder);
    Files.createDirectory(folder);
    List<Path> before = outside();
    try {
      Archive.unpack(file, kind == 'z' ? "a.zip" : "a.tar.gz", folder, SILENT);
    } finally {
      assertEquals(before, outside());
    }
  }

  private static byte[] zipped(byte[] tar) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(tar);
    }
    return bytes.toByteArray();
  }

  /** What lies beside the folder. */
  private List<Path> outside() throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      return files.sorted().toList();
    }
  }

  @Override
  protected boolean isRefusal(Exception e) {
    return e instanceof DataException;
  }
}
