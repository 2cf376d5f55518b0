package org.fasthebb.models.image;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * libjpeg-turbo, where it is installed: the same bytes as from the JDK's decoder, in less than half
 * the time. It is called by the functions that its versions 2.0 to 3 share.
 *
 * <p>It decodes plain files only: Huffman coded, not progressive, grey or YCbCr, with colours of
 * full size, of half the columns, or of half of both. For all else, and whatever it warns of, the
 * JDK's decoder has the word. (libjpeg-turbo smooths progressive files that miss scans in another
 * way, and reads arithmetic coding and files without Huffman tables.)
 *
 * <p>One difference is left: it warns of less. About one in forty files with changed bytes amid
 * their pixels is refused by the JDK and decoded by it; and where neither notices damage, colours
 * far out of range are cut off differently. Both notice all files that are cut short.
 */
@SuppressWarnings("restricted") // find asks before
final class TurboJpeg {
  /** The system property that keeps to the JDK's decoder if it is "java". */
  private static final String PROPERTY = "fasthebb.jpeg";

  private static final String LIBRARY = "libturbojpeg.so.0";

  // Of turbojpeg.h: enums TJSAMP and TJCS, TJPF_RGB and TJFLAG_ACCURATEDCT.
  private static final int SAMPLED_444 = 0;
  private static final int SAMPLED_420 = 2;
  private static final int SAMPLED_GREY = 3;
  private static final int COLOURS_YCC = 1;
  private static final int COLOURS_GREY = 2;
  private static final int PIXELS_RGB = 0;
  private static final int ACCURATE_DCT = 4096;

  /** Who decodes JPEG files, and why. */
  private record JpegChoice(Optional<TurboJpeg> library, String description) {}

  private static final JpegChoice CHOICE = find();

  private final MethodHandle init;
  private final MethodHandle header;
  private final MethodHandle decompress;
  private final MethodHandle destroy;

  private TurboJpeg(SymbolLookup library) {
    init = function(library, "tjInitDecompress", FunctionDescriptor.of(ADDRESS));
    header =
        function(
            library,
            "tjDecompressHeader3",
            ints(ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    decompress =
        function(
            library,
            "tjDecompress2",
            ints(
                ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT,
                JAVA_INT));
    destroy = function(library, "tjDestroy", ints(ADDRESS));
  }

  private static FunctionDescriptor ints(MemoryLayout... parameters) {
    return FunctionDescriptor.of(JAVA_INT, parameters);
  }

  private static MethodHandle function(SymbolLookup library, String name, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), type);
  }

  private static JpegChoice find() {
    if ("java".equals(System.getProperty(PROPERTY))) {
      return javaBecause("-D" + PROPERTY + "=java says so");
    }
    if (!TurboJpeg.class.getModule().isNativeAccessEnabled()) {
      return javaBecause(
          "Java may not call native code here; add --enable-native-access=org.fasthebb.models");
    }
    try {
      SymbolLookup library = SymbolLookup.libraryLookup(LIBRARY, Arena.global());
      if (library.find("tjGetErrorCode").isEmpty()) {
        return javaBecause("libjpeg-turbo is older than 2.0");
      }
      String version = library.find("tj3Init").isPresent() ? "3" : "2";
      return new JpegChoice(
          Optional.of(new TurboJpeg(library)),
          "libjpeg-turbo %s (FASTHEBB_JAVA_OPTS=-D%s=java takes Java's own decoder)"
              .formatted(version, PROPERTY));
    } catch (IllegalArgumentException e) {
      return javaBecause("libjpeg-turbo, " + LIBRARY + ", is not installed");
    } catch (NoSuchElementException e) {
      return javaBecause(LIBRARY + " lacks a function: " + e.getMessage());
    }
  }

  private static JpegChoice javaBecause(String reason) {
    return new JpegChoice(Optional.empty(), "Java's own decoder (" + reason + ")");
  }

  /** The library, if it is there and may be used. */
  static Optional<TurboJpeg> library() {
    return CHOICE.library;
  }

  /** Which decoder is used, and if it is the JDK's, why. */
  static String description() {
    return CHOICE.description;
  }

  /**
   * Decodes a file. Threads may do so at once, since each call has its own decompressor.
   *
   * @param width columns, as the header says
   * @param height rows, as the header says
   * @return empty if the file is not plain or the library has anything to complain of
   */
  Optional<RgbImage> decode(byte[] file, int width, int height) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment decompressor = (MemorySegment) init.invokeExact();
      if (decompressor.address() == 0) {
        return Optional.empty();
      }
      try {
        MemorySegment jpeg = arena.allocateFrom(JAVA_BYTE, file);
        if (!isPlain(decompressor, jpeg, width, height, arena)) {
          return Optional.empty();
        }
        MemorySegment rgb = arena.allocate(3L * width * height);
        int status =
            (int)
                decompress.invokeExact(
                    decompressor,
                    jpeg,
                    jpeg.byteSize(),
                    rgb,
                    width,
                    3 * width,
                    height,
                    PIXELS_RGB,
                    ACCURATE_DCT);
        return status == 0
            ? Optional.of(new RgbImage(height, width, rgb.toArray(JAVA_BYTE)))
            : Optional.empty();
      } finally {
        int _ = (int) destroy.invokeExact(decompressor);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(LIBRARY + " cannot be called", e);
    }
  }

  private boolean isPlain(
      MemorySegment decompressor, MemorySegment jpeg, int width, int height, Arena arena)
      throws Throwable {
    MemorySegment found = arena.allocate(JAVA_INT, 4);
    int status =
        (int)
            header.invokeExact(
                decompressor,
                jpeg,
                jpeg.byteSize(),
                found,
                found.asSlice(4),
                found.asSlice(8),
                found.asSlice(12));
    int sampling = found.getAtIndex(JAVA_INT, 2);
    int colours = found.getAtIndex(JAVA_INT, 3);
    boolean grey = sampling == SAMPLED_GREY && colours == COLOURS_GREY;
    boolean ycc = sampling >= SAMPLED_444 && sampling <= SAMPLED_420 && colours == COLOURS_YCC;
    return status == 0
        && found.getAtIndex(JAVA_INT, 0) == width
        && found.getAtIndex(JAVA_INT, 1) == height
        && (grey || ycc);
  }
}
