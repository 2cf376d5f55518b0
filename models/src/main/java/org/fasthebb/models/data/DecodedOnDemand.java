package org.fasthebb.models.data;

import java.util.List;
import java.util.Optional;
import org.fasthebb.models.image.ImageDecoder;
import org.fasthebb.models.image.Orientation;

/** Images that are decoded each time that they are asked for; none is kept. */
final class DecodedOnDemand implements ImageSource {
  private final ImageFiles images;
  private final int side;
  private final Orientation orientation;
  private final boolean identifiedByFiles;

  /** What the identity of each image says of decoding. */
  private final String decoding;

  /**
   * Images of (side, side, 3).
   *
   * @param identifiedByFiles whether {@link #identity} is that of the files, not empty
   */
  DecodedOnDemand(ImageFiles images, int side, Orientation orientation, boolean identifiedByFiles) {
    this.images = images;
    this.side = side;
    this.orientation = orientation;
    this.identifiedByFiles = identifiedByFiles;
    decoding = "/" + orientation.name() + "/" + ImageDecoder.VERSION;
  }

  @Override
  public int size() {
    return images.files().size();
  }

  @Override
  public int height() {
    return side;
  }

  @Override
  public int width() {
    return side;
  }

  @Override
  public int channels() {
    return 3;
  }

  @Override
  public List<String> classNames() {
    return images.classes();
  }

  @Override
  public int label(int index) {
    return images.files().label(index);
  }

  @Override
  public int[] labels() {
    return images.files().labels();
  }

  @Override
  public void read(int index, byte[] into, int at) {
    byte[] square = images.square(index, side, orientation);
    System.arraycopy(square, 0, into, at, square.length);
  }

  @Override
  public String nameOf(int index) {
    return images.files().name(index);
  }

  @Override
  public byte[] encoded(int index) {
    return images.encoded(index);
  }

  @Override
  public boolean isSlow() {
    return true;
  }

  @Override
  public Optional<String> identity(int index) {
    FileIndex files = images.files();
    return identifiedByFiles
        ? Optional.of(files.name(index) + "/" + files.length(index) + decoding)
        : Optional.empty();
  }
}
