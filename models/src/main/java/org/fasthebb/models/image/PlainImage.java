package org.fasthebb.models.image;

import java.io.IOException;

/** PNG and BMP: files whose pixels the JDK reads as they are stored. */
record PlainImage(ImageFormat format, byte[] file, long width, long height)
    implements EncodedImage {

  static PlainImage open(ImageFormat format, byte[] file) throws IOException {
    return JdkReader.use(
        format,
        file,
        false,
        reader -> new PlainImage(format, file, reader.getWidth(0), reader.getHeight(0)));
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
