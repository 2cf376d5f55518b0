package org.fasthebb.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Checksums of the headers of tar archives. */
public final class TarChecksums {
  private static final int BLOCK = 512;
  private static final int CHECKSUM = 148;
  private static final int MAGIC = 257;

  private TarChecksums() {}

  /** The archive with the right checksum in each block that starts like a header of ustar. */
  public static byte[] mended(byte[] archive) {
    byte[] mended = archive.clone();
    for (int block = 0; block + BLOCK <= mended.length; block += BLOCK) {
      if (new String(mended, block + MAGIC, 5, US_ASCII).equals("ustar")) {
        System.arraycopy("        ".getBytes(US_ASCII), 0, mended, block + CHECKSUM, 8);
        int sum = 0;
        for (int i = 0; i < BLOCK; i++) {
          sum += Byte.toUnsignedInt(mended[block + i]);
        }
        byte[] digits = Integer.toOctalString(sum).getBytes(US_ASCII);
        System.arraycopy(digits, 0, mended, block + CHECKSUM, digits.length);
      }
    }
    return mended;
  }
}
