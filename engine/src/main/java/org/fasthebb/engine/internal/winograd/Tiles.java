package org.fasthebb.engine.internal.winograd;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.kernels.Filtering;

/**
 * Tiles of equal size that cover one region of each image, for {@link Winograd}. Rows of tiles are
 * numbered through all images, and tiles through all rows. A tile of three outputs along a side is
 * treated as one of four whose first output is skipped: see {@link Filtering}.
 *
 * @param array pixels of all images
 * @param offset of the first one
 * @param strides of images, rows of pixels and pixels
 * @param h height of an image's output
 * @param w width
 * @param c channels
 * @param down the region's part of the output's height
 * @param across its part of the width
 * @param rows of tiles in all images
 */
record Tiles(
    float[] array,
    int offset,
    int[] strides,
    int h,
    int w,
    int c,
    Section down,
    Section across,
    int rows) {
  private static final int OUT = Filtering.OUT;

  /**
   * Part of a side of the output, cut into tiles of equal size.
   *
   * @param start its first output
   * @param skip how many of a tile's four outputs are skipped, 0 or 1
   * @param count tiles
   */
  record Section(int start, int skip, int count) {
    /**
     * Cuts a side into tiles of four outputs, then as few as possible of three. Sides of 1, 2 and 5
     * outputs cannot be cut so: they give no section.
     */
    static List<Section> of(int side) {
      int threes = (OUT - side % OUT) % OUT;
      int fours = (side - 3 * threes) / OUT;
      if (3 * threes > side) {
        return List.of();
      }
      return Stream.of(new Section(0, 0, fours), new Section(OUT * fours, 1, threes))
          .filter(section -> section.count > 0)
          .toList();
    }

    /** The first output of a tile, where a skipped one counts. */
    int begin(int tile) {
      return start + tile * (OUT - skip) - skip;
    }
  }

  /** The rows of tiles that one task computes. */
  record Slice(Tiles tiles, int from, int to) {}

  /** All regions of the images from which the patches are taken. The first one skips the least. */
  static Tiles[] regions(Tensor patches) {
    int[] sizes = patches.layout().axis(0).sizes();
    int[] strides = patches.layout().axis(0).strides();
    int c = patches.layout().axis(1).sizes()[2];
    float[] array = patches.storage().array();
    int offset = patches.layout().offset();
    int h = sizes[1];
    int w = sizes[2];
    List<Tiles> regions = new ArrayList<>();
    for (Section down : Section.of(h)) {
      for (Section across : Section.of(w)) {
        int rows = sizes[0] * down.count;
        regions.add(new Tiles(array, offset, strides, h, w, c, down, across, rows));
      }
    }
    return regions.toArray(Tiles[]::new);
  }

  /** The number of tiles in all regions. */
  static int count(Tiles[] regions) {
    return Stream.of(regions).mapToInt(tiles -> tiles.rows * tiles.perRow()).sum();
  }

  int perRow() {
    return across.count;
  }

  /** 1 if the first row of each tile (of pixels, of elements and of outputs) is skipped, else 0. */
  int skipRow() {
    return down.skip;
  }

  /** The same for columns. */
  int skipColumn() {
    return across.skip;
  }

  private int image(int tile) {
    return tile / across.count / down.count;
  }

  private int top(int tile) {
    return down.begin(tile / across.count % down.count);
  }

  private int left(int tile) {
    return across.begin(tile % across.count);
  }

  /** Where a tile's first pixel is. If that pixel is skipped, this may be before the array. */
  int start(int tile) {
    return offset + image(tile) * strides[0] + top(tile) * strides[1] + left(tile) * c;
  }

  /** The index of a tile's first output. If that output is skipped, this may be below 0. */
  int output(int tile) {
    return (image(tile) * h + top(tile)) * w + left(tile);
  }
}
