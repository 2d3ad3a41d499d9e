//! The shape of a document: what its outermost members are called, as far as it was looked at.

/// What a document begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Root {
    /// An object, whose members [`Shape`] has.
    Object,
    /// A list; [`Shape`] has the members of its first item.
    List,
    /// A YAML document, whose members [`Shape`] has.
    Yaml,
    /// Lines of text.
    Text,
}

/// What is known of a document so far.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) root: Root,
    /// Of [`Root::Text`], the first line.
    pub(crate) first_line: String,
    members: Vec<Member>,
    /// Whether the outermost object, or a list's first item, was seen to its end.
    pub(crate) is_whole: bool,
}

#[derive(Debug)]
struct Member {
    name: String,
    value: Option<String>,
    inner: Vec<String>,
    is_empty_list: bool,
}

impl Shape {
    /// Nothing but the root.
    pub(crate) const fn new(root: Root) -> Self {
        Self { root, first_line: String::new(), members: Vec::new(), is_whole: false }
    }

    /// A text that begins with `first_line`.
    pub(crate) fn of_text(first_line: &str) -> Self {
        Self { first_line: first_line.to_owned(), ..Self::new(Root::Text) }
    }

    /// Adds a member.
    pub(crate) fn add(&mut self, name: &str) {
        self.members.push(Member { name: name.to_owned(), value: None, inner: vec![], is_empty_list: false });
    }

    /// Says what the member that was added last is: a text, number or truth; of a list, its texts with spaces between.
    pub(crate) fn set_value(&mut self, value: String) {
        if let Some(last) = self.members.last_mut() {
            last.value = Some(value);
        }
    }

    /// Says that the member that was added last has a member, or that the first item of its list has.
    pub(crate) fn add_inner(&mut self, name: &str) {
        if let Some(last) = self.members.last_mut() {
            last.inner.push(name.to_owned());
        }
    }

    /// Says that the member that was added last is an empty list, or `null`.
    pub(crate) fn set_empty(&mut self) {
        if let Some(last) = self.members.last_mut() {
            last.is_empty_list = true;
        }
    }

    /// Whether it has a member of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.member(name).is_some()
    }

    /// Whether it has all these members.
    pub(crate) fn has_all(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.has(name))
    }

    /// The value of a member; empty if it has none, or none that is a single value.
    pub(crate) fn value(&self, name: &str) -> &str {
        self.member(name).and_then(|member| member.value.as_deref()).unwrap_or_default()
    }

    /// Whether a member, or the first item of its list, has a member.
    pub(crate) fn has_in(&self, name: &str, inner: &str) -> bool {
        self.member(name).is_some_and(|member| member.inner.iter().any(|known| known == inner))
    }

    /// Whether a member is an empty list.
    pub(crate) fn is_empty(&self, name: &str) -> bool {
        self.member(name).is_some_and(|member| member.is_empty_list)
    }

    /// The first members' names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|member| member.name.as_str())
    }

    fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }
}
