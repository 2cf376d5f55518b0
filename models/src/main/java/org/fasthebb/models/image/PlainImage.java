package org.fasthebb.models.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** PNG and BMP: files whose pixels the JDK reads as they are stored. */
record PlainImage(ImageFormat format, byte[] file, long width, long height)
    implements EncodedImage {

  /** Reads the size from a PNG file, which begins with its header. */
  static PlainImage openPng(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file);
    return new PlainImage(
        ImageFormat.PNG,
        file,
        Integer.toUnsignedLong(in.getInt(16)),
        Integer.toUnsignedLong(in.getInt(20)));
  }

  /** Reads the size from a BMP file; rows from top to bottom have a negative height. */
  static PlainImage openBmp(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    boolean old = in.getInt(14) == 12;
    long width = old ? Short.toUnsignedInt(in.getShort(18)) : in.getInt(18);
    long height = old ? Short.toUnsignedInt(in.getShort(20)) : in.getInt(22);
    return new PlainImage(ImageFormat.BMP, file, width, Math.abs(height));
  }

  @Override
  public int orientation() {
    return format == ImageFormat.PNG ? Orientation.ofPng(file) : 1;
  }

  @Override
  public RgbImage decode() throws IOException {
    return Samples.toRgb(JdkReader.use(format, file, false, reader -> reader.read(0)));
  }
}
