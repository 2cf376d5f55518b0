package org.fasthebb.models.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.fasthebb.testing.FuzzTest;
import org.fasthebb.testing.TarChecksums;

/** Archives of each format, damaged, with checksums that do not stop them. */
class TarReaderFuzzTest extends FuzzTest {
  @Override
  protected List<byte[]> seeds() throws IOException {
    return TarReaderTest.archives().stream().map(TarReaderFuzzTest::withoutFilling).toList();
  }

  /** An archive without the zeros after its end, two blocks of zeros. */
  private static byte[] withoutFilling(byte[] tar) {
    int end = tar.length;
    while (tar[end - 1] == 0) {
      end--;
    }
    return Arrays.copyOf(tar, (end + 511) / 512 * 512 + 1024);
  }

  @Override
  protected void parse(byte[] input) throws IOException {
    TarReader tar =
        new TarReader(new ByteArrayInputStream(TarChecksums.mended(input)), "the archive");
    TarReader.Entry entry;
    while ((entry = tar.next()) != null) {
      if (entry.kind() == TarReader.EntryKind.FILE) {
        tar.content().readAllBytes();
      }
    }
  }

  @Override
  protected boolean isRefusal(Exception e) {
    return e instanceof DataException;
  }
}
