package org.fasthebb.models.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;

/** Colour images kept as PNG; each is decoded whenever it is read. */
public final class PngSource implements ImageSource {
  private final ImageSource like;
  private final byte[][] files;

  /** The images of another source. */
  public PngSource(ImageSource like) throws IOException {
    this.like = like;
    files = new byte[like.size()][];
    byte[] pixels = new byte[like.imageBytes()];
    for (int i = 0; i < files.length; i++) {
      like.read(i, pixels, 0);
      int type = BufferedImage.TYPE_INT_RGB;
      BufferedImage image = new BufferedImage(like.width(), like.height(), type);
      for (int p = 0; p < pixels.length; p++) {
        int pixel = p / 3;
        image
            .getRaster()
            .setSample(
                pixel % like.width(), pixel / like.width(), p % 3, Byte.toUnsignedInt(pixels[p]));
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ImageIO.write(image, "png", out);
      files[i] = out.toByteArray();
    }
  }

  @Override
  public int size() {
    return files.length;
  }

  @Override
  public int height() {
    return like.height();
  }

  @Override
  public int width() {
    return like.width();
  }

  @Override
  public int channels() {
    return 3;
  }

  @Override
  public List<String> classNames() {
    return like.classNames();
  }

  @Override
  public int label(int index) {
    return like.label(index);
  }

  @Override
  public void read(int index, byte[] into, int at) {
    try {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(files[index]));
      for (int p = 0; p < imageBytes(); p++) {
        int pixel = p / 3;
        into[at + p] = (byte) image.getRaster().getSample(pixel % width(), pixel / width(), p % 3);
      }
    } catch (IOException e) {
      throw new DataException("image " + index + " cannot be read: " + e.getMessage(), e);
    }
  }
}
