package org.fasthebb.models.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The first frame of a GIF file, on its canvas. Around a frame smaller than the canvas is the
 * transparent colour of the frame, or, without one, the first colour, as Pillow has it.
 *
 * @param width columns of the canvas, which grows with a frame that leaves it
 * @param height rows of the canvas
 * @param left column of the canvas at which the frame begins
 * @param top row of the canvas at which the frame begins
 * @param around the index of the colour around the frame
 */
record GifImage(byte[] file, long width, long height, int left, int top, int around)
    implements EncodedImage {
  /** The flag of a palette, for all frames or for one. */
  private static final int PALETTE = 0x80;

  private static final int EXTENSION = '!';
  private static final int FRAME = ',';
  private static final int GRAPHIC_CONTROL = 0xF9;

  /** Reads what comes before the first frame. */
  static GifImage open(byte[] file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(6);
    int width = Short.toUnsignedInt(in.getShort());
    int height = Short.toUnsignedInt(in.getShort());
    int flags = in.get();
    in.position(in.position() + 2);
    if ((flags & PALETTE) != 0) {
      in.position(in.position() + (3 << ((flags & 7) + 1)));
    }
    int around = 0;
    while (true) {
      int block = in.get();
      if (block == FRAME) {
        int left = Short.toUnsignedInt(in.getShort());
        int top = Short.toUnsignedInt(in.getShort());
        int right = left + Short.toUnsignedInt(in.getShort());
        int bottom = top + Short.toUnsignedInt(in.getShort());
        if (((flags | in.get()) & PALETTE) == 0) {
          throw new IOException("it has no palette");
        }
        return new GifImage(
            file, Math.max(width, right), Math.max(height, bottom), left, top, around);
      }
      if (block != EXTENSION) {
        throw new IOException("it has no frame");
      }
      int label = Byte.toUnsignedInt(in.get());
      int start = in.position();
      if (label == GRAPHIC_CONTROL && in.get(start) >= 4 && (in.get(start + 1) & 1) != 0) {
        around = Byte.toUnsignedInt(in.get(start + 4));
      }
      for (int length = Byte.toUnsignedInt(in.get());
          length > 0;
          length = Byte.toUnsignedInt(in.get())) {
        in.position(in.position() + length);
      }
    }
  }

  @Override
  public int orientation() {
    return 1;
  }

  @Override
  public RgbImage decode() throws IOException {
    BufferedImage read = JdkReader.use(ImageFormat.GIF, file, false, reader -> reader.read(0));
    RgbImage frame = Samples.toRgb(read);
    if (frame.width() == width && frame.height() == height) {
      return frame;
    }
    byte[] rgb = new byte[Math.toIntExact(3 * width * height)];
    int colour = ((IndexColorModel) read.getColorModel()).getRGB(around);
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (colour >> (8 * (2 - i % 3)));
    }
    int row = 3 * frame.width();
    for (int y = 0; y < frame.height(); y++) {
      System.arraycopy(frame.rgb(), y * row, rgb, 3 * ((top + y) * (int) width + left), row);
    }
    return new RgbImage((int) height, (int) width, rgb);
  }
}
