package org.fasthebb.models.distributed;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.io.Checksum;

/**
 * The images of one shard, in memory. Images are dealt to shards in the order of the digests of
 * their pixels: image i of that order goes to shard i mod P. So it matters neither how files are
 * named nor how they are spread over machines.
 *
 * @param side height and width
 * @param pixels of each image, (side, side, channels)
 */
public record ShardImages(int side, int channels, List<byte[]> pixels) implements ImageSource {
  /** What stands for classes, since nothing here reads labels. */
  public static final List<String> UNLABELLED = List.of("unlabelled");

  /** The digest of an image's pixels, SHA-256 in hex. */
  public static String digest(byte[] pixels) {
    return HexFormat.of().formatHex(Checksum.newDigest().digest(pixels));
  }

  /** Deals square images to shards. */
  public static List<ShardImages> deal(ImageSource images, Shards shards) {
    record Dealt(String digest, byte[] pixels) {}
    List<Dealt> all = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      byte[] pixels = new byte[images.imageBytes()];
      images.read(i, pixels, 0);
      all.add(new Dealt(digest(pixels), pixels));
    }
    all.sort(Comparator.comparing(Dealt::digest));
    List<ShardImages> dealt = new ArrayList<>();
    for (int shard = 0; shard < shards.count(); shard++) {
      List<byte[]> own = new ArrayList<>();
      for (int i = shard; i < all.size(); i += shards.count()) {
        own.add(all.get(i).pixels());
      }
      dealt.add(new ShardImages(images.height(), images.channels(), own));
    }
    return dealt;
  }

  @Override
  public int size() {
    return pixels.size();
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
  public List<String> classNames() {
    return UNLABELLED;
  }

  @Override
  public int label(int index) {
    return 0;
  }

  @Override
  public void read(int index, byte[] into, int at) {
    byte[] image = pixels.get(index);
    System.arraycopy(image, 0, into, at, image.length);
  }

  /** Whether the same bytes are in the same places. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ShardImages images
        && side == images.side
        && channels == images.channels
        && Arrays.deepEquals(pixels.toArray(), images.pixels.toArray());
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(pixels.toArray());
  }
}
