package org.fasthebb.models.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What to do with a photo whose camera noted how it was held (EXIF tag Orientation).
 *
 * <p>TIFF files are turned in either case, as Pillow does.
 */
public enum Orientation {
  /** Turn it upright, as every viewer shows it. */
  UPRIGHT,
  /** Leave the pixels as they are stored, as Pillow and torchvision do unless told otherwise. */
  STORED;

  // The first bytes of TIFF; those whose 42 has the wrong order are read, too, as by Pillow.
  private static final int BIG_ENDIAN = 0x4D4D002A;
  private static final int BIG_ENDIAN_SWAPPED = 0x4D4D2A00;
  private static final int LITTLE_ENDIAN = 0x49492A00;
  private static final int LITTLE_ENDIAN_SWAPPED = 0x4949002A;

  private static final int TAG = 0x0112;
  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int SIGNED_SHORT = 8;
  private static final int SIGNED_LONG = 9;
  private static final int NORMAL = 1;

  /** The name on the command line, which a shell completes. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The orientation that EXIF data notes.
   *
   * @param exif a TIFF header with its first directory
   * @return 1 (as stored) to 8; 1 if there is none
   */
  static int noted(ByteBuffer exif) {
    if (exif.limit() < 8) {
      return NORMAL;
    }
    switch (exif.getInt(0)) {
      case BIG_ENDIAN, BIG_ENDIAN_SWAPPED -> exif.order(ByteOrder.BIG_ENDIAN);
      case LITTLE_ENDIAN, LITTLE_ENDIAN_SWAPPED -> exif.order(ByteOrder.LITTLE_ENDIAN);
      default -> {
        return NORMAL; // no TIFF header
      }
    }
    long at = Integer.toUnsignedLong(exif.getInt(4));
    if (at + 2 > exif.limit()) {
      return NORMAL;
    }
    int entries = Short.toUnsignedInt(exif.getShort((int) at));
    int value = NORMAL;
    for (int i = 0; i < entries; i++) {
      long entry = at + 2 + 12L * i;
      if (entry + 12 > exif.limit()) {
        break;
      }
      if (Short.toUnsignedInt(exif.getShort((int) entry)) == TAG) {
        value =
            switch (exif.getShort((int) entry + 2)) {
              case SHORT, SIGNED_SHORT -> exif.getShort((int) entry + 8);
              case LONG, SIGNED_LONG -> exif.getInt((int) entry + 8);
              default -> NORMAL;
            };
      }
    }
    return value >= 1 && value <= 8 ? value : NORMAL;
  }

  /** The orientation that a PNG file notes in its chunk eXIf, else 1. */
  static int ofPng(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file);
    long at = 8;
    while (at + 12 <= file.length) {
      long length = Integer.toUnsignedLong(in.getInt((int) at));
      String type = new String(file, (int) at + 4, 4, StandardCharsets.ISO_8859_1);
      if (type.equals("eXIf") && at + 8 + length <= file.length) {
        return noted(in.slice((int) at + 8, (int) length));
      }
      at += 12 + length;
    }
    return NORMAL;
  }

  /**
   * Turns an image upright.
   *
   * @param noted 1 to 8, as EXIF numbers them; in 5 to 8 a stored row is an upright column
   */
  static RgbImage turn(RgbImage image, int noted) {
    if (noted == NORMAL) {
      return image;
    }
    boolean exchanged = noted >= 5;
    int height = exchanged ? image.width() : image.height();
    int width = exchanged ? image.height() : image.width();
    byte[] in = image.rgb();
    byte[] out = new byte[in.length];
    boolean upsideDown = noted == 3 || noted == 4 || noted == 6 || noted == 7;
    boolean mirrored = noted == 2 || noted == 3 || noted == 7 || noted == 8;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int row = exchanged ? x : y;
        int column = exchanged ? y : x;
        row = upsideDown ? image.height() - 1 - row : row;
        column = mirrored ? image.width() - 1 - column : column;
        System.arraycopy(in, 3 * (row * image.width() + column), out, 3 * (y * width + x), 3);
      }
    }
    return new RgbImage(height, width, out);
  }
}
