package org.fasthebb.engine.internal.winograd;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.kernels.Filtering;

/**
 * Equal tiles in a region of each image, for {@link Winograd}. Rows of tiles are counted through
 * all images, and tiles through all rows. Where a tile has three outputs along a side, it is
 * counted as one of four whose first is skipped: see {@link Filtering}.
 *
 * @param array pixels of all images
 * @param offset of the first one
 * @param strides of images, rows of pixels and pixels
 * @param h height of an image's output
 * @param w width
 * @param c channels
 * @param down the region's rows
 * @param across its columns
 * @param rows of tiles
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
   * Part of a side of the output.
   *
   * @param start its first output
   * @param skip how many of a tile's four outputs are skipped, 0 or 1
   * @param count tiles
   */
  record Section(int start, int skip, int count) {
    /** Fours and then as few threes as there must be; none for a side of 1, 2 or 5 outputs. */
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

    /** The first output of a tile, were none skipped. */
    int begin(int tile) {
      return start + tile * (OUT - skip) - skip;
    }
  }

  /** Rows of tiles, of which a task takes some. */
  record Slice(Tiles tiles, int from, int to) {}

  /** All regions of the images that patches are of. None has less to skip than the first. */
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

  /** Tiles in all of them. */
  static int count(Tiles[] regions) {
    return Stream.of(regions).mapToInt(tiles -> tiles.rows * tiles.perRow()).sum();
  }

  int perRow() {
    return across.count;
  }

  /** 1 if a tile's first row is skipped, of pixels, of elements and of outputs; else 0. */
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

  /** Where a tile's pixels start; before the array's if that one is skipped. */
  int start(int tile) {
    return offset + image(tile) * strides[0] + top(tile) * strides[1] + left(tile) * c;
  }

  /** Which output is the first of a tile; below 0 if that one is skipped. */
  int output(int tile) {
    return (image(tile) * h + top(tile)) * w + left(tile);
  }
}
