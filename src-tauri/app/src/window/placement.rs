//! Whether a window can be reached where it stands.

use tauri::PhysicalSize;

/// How much of a title bar a person needs to grab it, in pixels.
const GRIP: i32 = 80;

/// About the height of a title bar, in pixels.
const TITLE_BAR: i32 = 24;

/// A window or a screen, in pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rectangle {
    left: i32,
    top: i32,
    right: i32,
    bottom: i32,
}

impl Rectangle {
    pub(super) fn new(left: i32, top: i32, size: PhysicalSize<u32>) -> Self {
        let end = |start: i32, length: u32| start.saturating_add_unsigned(length);
        Self { left, top, right: end(left, size.width), bottom: end(top, size.height) }
    }

    /// Width and height of what both cover.
    fn overlap(self, other: Self) -> (i32, i32) {
        let width = self.right.min(other.right).saturating_sub(self.left.max(other.left));
        let height = self.bottom.min(other.bottom).saturating_sub(self.top.max(other.top));
        (width, height)
    }
}

/// Whether enough of the title bar is on one of the screens. Where no screen is known, nothing is known against it.
pub(super) fn can_be_grabbed(window: Rectangle, screens: &[Rectangle]) -> bool {
    let title_bar = Rectangle { bottom: window.top.saturating_add(TITLE_BAR), ..window };
    screens.is_empty()
        || screens.iter().any(|screen| {
            let (width, height) = title_bar.overlap(*screen);
            width >= GRIP && height >= TITLE_BAR / 2
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rectangle(left: i32, top: i32, width: u32, height: u32) -> Rectangle {
        Rectangle::new(left, top, PhysicalSize::new(width, height))
    }

    #[test]
    fn a_window_is_reached_by_its_title_bar() {
        let screens = [rectangle(0, 0, 1920, 1080), rectangle(1920, 0, 1280, 1024)];
        for (what, window, expected) in [
            ("in the middle", rectangle(360, 140, 1200, 800), true),
            ("on the second screen", rectangle(2000, 10, 1200, 800), true),
            ("across both", rectangle(1400, 10, 1200, 800), true),
            ("half out to the right", rectangle(3000, 10, 1200, 800), true),
            ("a screen that is gone", rectangle(4000, 10, 1200, 800), false),
            ("above the screen", rectangle(360, -100, 1200, 800), false),
            ("only a corner at the bottom", rectangle(-1150, -750, 1200, 800), false),
            ("below the screen", rectangle(360, 1075, 1200, 800), false),
            ("as far away as can be", rectangle(i32::MAX, i32::MIN, u32::MAX, u32::MAX), false),
        ] {
            assert_eq!(can_be_grabbed(window, &screens), expected, "{what}");
        }
        assert!(can_be_grabbed(rectangle(4000, 10, 1200, 800), &[]), "no screen is known");
    }
}
