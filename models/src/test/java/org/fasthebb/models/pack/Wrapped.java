package org.fasthebb.models.pack;

import java.util.List;
import org.fasthebb.models.data.ImageSource;

/** The images of another source; a subclass changes what it is about. */
abstract class Wrapped implements ImageSource {
  final ImageSource images;

  Wrapped(ImageSource images) {
    this.images = images;
  }

  @Override
  public int size() {
    return images.size();
  }

  @Override
  public int height() {
    return images.height();
  }

  @Override
  public int width() {
    return images.width();
  }

  @Override
  public int channels() {
    return images.channels();
  }

  @Override
  public List<String> classNames() {
    return images.classNames();
  }

  @Override
  public int label(int index) {
    return images.label(index);
  }

  @Override
  public String nameOf(int index) {
    return images.nameOf(index);
  }

  @Override
  public byte[] encoded(int index) {
    return images.encoded(index);
  }

  @Override
  public boolean isSlow() {
    return images.isSlow();
  }

  @Override
  public void read(int index, byte[] into, int at) {
    images.read(index, into, at);
  }
}
