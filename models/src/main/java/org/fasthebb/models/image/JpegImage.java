package org.fasthebb.models.image;

import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A JPEG file.
 *
 * @param file its bytes, without colour profiles, which the JDK would check and apply
 * @param colours what the stored components mean
 */
record JpegImage(byte[] file, long width, long height, int orientation, JpegColours colours)
    implements EncodedImage {
  private static final int MARKER = 0xFF;
  private static final int START_OF_SCAN = 0xDA;
  private static final int APP0 = 0xE0;
  private static final int APP1 = 0xE1;
  private static final int APP2 = 0xE2;
  private static final int APP13 = 0xED;
  private static final int APP14 = 0xEE;

  /** Reads the segments before the first scan. */
  static JpegImage open(byte[] bytes) throws IOException {
    List<Integer> profiles = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int width = 0;
    int height = 0;
    int[] ids = null;
    int orientation = 1;
    boolean jfif = false;
    int adobe = JpegColours.NO_ADOBE;
    int at = 2;
    while (true) {
      at = nextMarker(bytes, at);
      if (at + 3 > bytes.length) {
        throw new IOException("it has no pixels");
      }
      int marker = Byte.toUnsignedInt(bytes[at]);
      int start = at + 3;
      int length = Short.toUnsignedInt(in.getShort(at + 1)) - 2;
      if (marker == START_OF_SCAN) {
        break;
      }
      if (length < 0 || start + length > bytes.length) {
        throw new IOException("it is cut short");
      }
      if (marker == APP0) {
        jfif |= length >= 14 && begins(bytes, start, "JFIF\0");
      } else if (marker == APP1 && length >= 6 && begins(bytes, start, "Exif\0\0")) {
        orientation = Orientation.noted(in.slice(start + 6, length - 6));
      } else if (marker == APP2 && begins(bytes, start, "ICC_PROFILE\0")) {
        profiles.add(at);
      } else if (marker == APP14 && length >= 12 && begins(bytes, start, "Adobe")) {
        adobe = Byte.toUnsignedInt(bytes[start + 11]);
      } else if (isFrame(marker) && length >= 6) {
        height = Short.toUnsignedInt(in.getShort(start + 1));
        width = Short.toUnsignedInt(in.getShort(start + 3));
        ids = new int[Byte.toUnsignedInt(bytes[start + 5])];
        for (int c = 0; c < ids.length && start + 6 + 3 * c < bytes.length; c++) {
          ids[c] = Byte.toUnsignedInt(bytes[start + 6 + 3 * c]);
        }
      }
      at = start + length;
    }
    if (ids == null) {
      throw new IOException("it has no pixels");
    }
    // The caller's bytes stay as they are.
    byte[] file = profiles.isEmpty() ? bytes : bytes.clone();
    profiles.forEach(profile -> file[profile] = (byte) APP13);
    return new JpegImage(file, width, height, orientation, JpegColours.of(ids, jfif, adobe));
  }

  /** The place of the next marker's second byte, from {@code at} on. */
  private static int nextMarker(byte[] bytes, int at) {
    int i = at;
    while (i < bytes.length && Byte.toUnsignedInt(bytes[i]) != MARKER) {
      i++;
    }
    while (i < bytes.length && Byte.toUnsignedInt(bytes[i]) == MARKER) {
      i++;
    }
    return i;
  }

  private static boolean begins(byte[] bytes, int at, String text) {
    return at + text.length() <= bytes.length
        && new String(bytes, at, text.length(), StandardCharsets.ISO_8859_1).equals(text);
  }

  /** C0 to CF begin frames, but for three that hold tables. */
  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  @Override
  public RgbImage decode() throws IOException {
    // As a raster, because then the JDK leaves the colours to us.
    Raster raster =
        JdkReader.use(ImageFormat.JPEG, file, false, reader -> reader.readRaster(0, null));
    byte[] stored = ((DataBufferByte) raster.getDataBuffer()).getData();
    return new RgbImage(raster.getHeight(), raster.getWidth(), colours.toRgb(stored));
  }
}
