package org.fasthebb.models.data;

/** Reads all images of a source into one array. */
public final class Images {
  private Images() {}

  /** The bytes of all images, one after the other. */
  public static byte[] pixels(ImageSource set) {
    byte[] pixels = new byte[set.size() * set.imageBytes()];
    for (int i = 0; i < set.size(); i++) {
      set.read(i, pixels, i * set.imageBytes());
    }
    return pixels;
  }
}
