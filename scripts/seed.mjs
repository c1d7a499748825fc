// Writes the demo population of the profile service, the same every time: node scripts/seed.mjs. All people and companies are invented.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as words from './seed-words.mjs';

const population = 220;

/** A small generator of numbers (mulberry32): the same seed gives the same row of numbers everywhere. */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const next = random(20240229);
const below = (count) => Math.floor(next() * count);
const chance = (share) => next() < share;
const pick = (list) => list[below(list.length)];
const some = (list, least, most) => {
  const rest = [...list];
  return Array.from(
    { length: Math.min(list.length, least + below(most - least + 1)) },
    () => rest.splice(below(rest.length), 1)[0],
  );
};
const hex = (length) => Array.from({ length }, () => below(16).toString(16)).join('');
const guid = () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
const two = (number) => String(number).padStart(2, '0');
const date = (year, month, day) => `${year}-${two(month)}-${two(day)}`;
const month = (year) => date(year, 1 + below(12), 1);
const instant = () =>
  `${date(2021 + below(3), 1 + below(12), 1 + below(28))}T${two(below(24))}:${two(below(60))}:${two(below(60))}.${String(below(1e7)).padStart(7, '0')}Z`;
const plain = (text) =>
  text
    .normalize('NFD')
    .replace(/[^a-zA-Z]/g, '')
    .toLowerCase();

const domain = 'contoso.example';
const people = Array.from({ length: population }, (_, index) => {
  const culture = words.cultures[index % words.cultures.length];
  const first = culture.first[Math.floor(index / words.cultures.length) % culture.first.length];
  const last = culture.last[(index * 7 + Math.floor(index / 40)) % culture.last.length];
  return {
    id: index === 0 ? '00aa0000-0000-4000-8000-000000000001' : guid(),
    first,
    last,
    culture,
    name: `${first} ${last}`,
    mail: `${plain(first)}.${plain(last)}${index < words.cultures.length * 3 ? '' : index}@${domain}`,
    job: words.jobs[below(words.jobs.length)],
    born: 1960 + below(42),
    manager: null,
  };
});
for (const [index, person] of people.entries())
  if (index > 0) person.manager = people[below(Math.max(1, Math.floor(index / 6)))];

/** A facet: what all have in common, then its own members. */
function facet(person, members) {
  const created = instant();
  const by = { user: { displayName: person.name, id: person.id } };
  const later = chance(0.3) ? instant() : created;
  const source = chance(0.25) ? { source: { type: chance(0.5) ? 'User' : 'Directory' } } : {};
  const inferred = chance(0.08)
    ? { inference: { confidenceScore: Math.round(next() * 100) / 100, userHasVerifiedAccuracy: chance(0.5) } }
    : {};
  return {
    id: guid(),
    allowedAudiences: pick(['organization', 'organization', 'organization', 'me', 'everyone', 'contacts,organization']),
    createdBy: by,
    createdDateTime: created,
    lastModifiedBy: by,
    lastModifiedDateTime: [created, later].sort()[1],
    ...source,
    ...inferred,
    ...members,
  };
}

const related = (person, relationship) => ({ displayName: person.name, relationship, userPrincipalName: person.mail });
const address = (place, type) => ({
  city: place.city,
  countryOrRegion: place.country,
  postalCode: String(10000 + below(89999)),
  street: `${pick(words.streets)} ${1 + below(180)}`,
  type,
});

function company(own, place) {
  const displayName = own ? 'Contoso' : pick(words.companies);
  return {
    displayName,
    department: pick(words.departments),
    officeLocation: `${pick(['A', 'B', 'C'])}/${1 + below(9)}${two(below(60))}`,
    webUrl: `https://www.${plain(displayName)}.example`,
    address: address(place, 'business'),
  };
}

function positions(person, place) {
  const started = 2012 + below(11);
  const now = facet(person, {
    isCurrent: true,
    categories: some(words.categories, 0, 2),
    detail: {
      jobTitle: person.job,
      role: pick(words.roles),
      startMonthYear: month(started),
      company: company(true, place),
      summary: pick(words.summaries),
    },
    colleagues: some(
      people.filter((other) => other !== person),
      1,
      3,
    ).map((other) => related(other, 'colleague')),
    ...(person.manager === null ? {} : { manager: related(person.manager, 'manager') }),
  });
  if (!chance(0.7)) return [now];
  const before = started - 2 - below(4);
  return [
    now,
    facet(person, {
      isCurrent: false,
      detail: {
        jobTitle: pick(words.jobs),
        startMonthYear: month(before),
        endMonthYear: month(started - 1),
        company: company(false, place),
      },
    }),
  ];
}

function studies(person, place) {
  const program = pick(words.programs);
  const end = person.born + 22 + below(5);
  return facet(person, {
    startMonthYear: date(end - 4, 10, 1),
    endMonthYear: date(end, 7, 1),
    completionMonthYear: date(end, 9, 1),
    institution: {
      displayName: `University of ${place.city}`,
      location: { city: place.city, countryOrRegion: place.country, type: 'business' },
    },
    program: {
      displayName: program.name,
      abbreviation: program.short,
      fieldsOfStudy: program.fields,
      grade: pick(['A', 'B', 'with honours', 'C']),
    },
  });
}

/** Facets that not everybody has. */
function extras(person) {
  const extra = {};
  const add = (name, share, make) => {
    if (chance(share)) extra[name] = [facet(person, make())];
  };
  add('awards', 0.25, () => ({
    displayName: pick(words.awards),
    issuedDate: date(2015 + below(9), 1 + below(12), 1 + below(28)),
    issuingAuthority: pick(words.companies),
  }));
  add('certifications', 0.35, () => {
    const year = 2017 + below(6);
    return {
      displayName: pick(words.certificates),
      certificationId: hex(8).toUpperCase(),
      issuedDate: month(year),
      startDate: month(year),
      endDate: month(year + 3),
      issuingCompany: pick(words.companies),
    };
  });
  add('notes', 0.5, () => ({ displayName: 'About me', detail: { content: pick(words.notes), contentType: 'text' } }));
  add('patents', 0.08, () => ({
    displayName: pick(words.patents),
    number: `EX-${1e6 + below(9e6)}`,
    isPending: chance(0.3),
    issuedDate: month(2014 + below(9)),
    issuingAuthority: 'Patent Office',
  }));
  add('publications', 0.15, () => ({
    displayName: pick(words.publications),
    publishedDate: month(2012 + below(11)),
    publisher: pick(words.publishers),
  }));
  add('responsibilities', 0.5, () => ({
    displayName: pick(words.responsibilities),
    collaborationTags: some(words.tags, 0, 2),
  }));
  add('webAccounts', 0.4, () => {
    const service = pick(words.services);
    return {
      userId: `${plain(person.first)}${below(99)}`,
      service: { name: service, webUrl: `https://${plain(service)}.example` },
      webUrl: `https://${plain(service)}.example/${plain(person.first)}`,
    };
  });
  add('websites', 0.3, () => ({
    displayName: `${person.first}'s page`,
    webUrl: `www.${plain(person.last)}.example`,
    categories: some(words.categories, 0, 2),
  }));
  return extra;
}

function profile(person) {
  const place = pick(person.culture.places);
  const levels = words.languageLevels;
  const named = {
    displayName: person.name,
    first: person.first,
    last: person.last,
    initials: `${person.first[0]}${person.last[0]}`,
    languageTag: person.culture.tag,
  };
  return {
    id: guid(),
    account: [
      facet(person, {
        ageGroup: 'adult',
        countryCode: place.code,
        preferredLanguageTag: { displayName: person.culture.language, locale: person.culture.tag.toLowerCase() },
        userPrincipalName: person.mail,
      }),
    ],
    addresses: [
      facet(person, {
        displayName: 'Home',
        detail: address(place, 'home'),
        geoCoordinates: { latitude: place.at[0], longitude: place.at[1] },
      }),
    ],
    anniversaries: [facet(person, { type: 'birthday', date: date(person.born, 1 + below(12), 1 + below(28)) })],
    educationalActivities: [studies(person, place)],
    emails: [facet(person, { address: person.mail, displayName: 'Work', type: 'work' })],
    interests: some(words.interests, 1, 3).map((displayName) =>
      facet(person, { displayName, categories: some(words.categories, 0, 2) }),
    ),
    languages: [
      facet(person, {
        displayName: person.culture.language,
        tag: person.culture.tag,
        proficiency: 'nativeOrBilingual',
        reading: 'nativeOrBilingual',
        spoken: 'nativeOrBilingual',
        written: 'nativeOrBilingual',
      }),
      ...some(
        words.languages.filter(({ name }) => name !== person.culture.language),
        0,
        2,
      ).map(({ name, tag }) => {
        const level = below(levels.length);
        return facet(person, {
          displayName: name,
          tag,
          reading: levels[level],
          spoken: levels[Math.max(0, level - 1)],
          written: levels[Math.max(0, level - below(2))],
        });
      }),
    ],
    names: [facet(person, chance(0.15) ? { ...named, nickname: person.first.slice(0, 3) } : named)],
    phones: [
      facet(person, {
        number: `+${place.dial} ${100 + below(900)} ${1000000 + below(9000000)}`,
        type: pick(['business', 'mobile', 'home']),
      }),
    ],
    positions: positions(person, place),
    projects: some(words.projects, 0, 2).map((displayName) =>
      facet(person, {
        displayName,
        categories: some(words.categories, 0, 1),
        collaborationTags: some(words.tags, 0, 2),
        client: { displayName: pick(words.companies) },
        sponsors: [related(pick(people), 'sponsor')],
      }),
    ),
    skills: some(words.skills, 2, 5).map((displayName) =>
      facet(person, {
        displayName,
        proficiency: pick(words.skillLevels),
        categories: some(words.categories, 0, 2),
        collaborationTags: some(words.tags, 0, 2),
      }),
    ),
    ...extras(person),
  };
}

const lines = people.map((person) => JSON.stringify({ id: person.id, profile: profile(person) }));
export const seed = `{"value":[\n${lines.join(',\n')}\n]}\n`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = fileURLToPath(new URL('../db/seed/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}user.json`, seed);
}
