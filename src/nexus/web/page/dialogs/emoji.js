/**
 * Emoji that people use often, in groups, each with the words by which it is found; the first word names it.
 * The characters and their names are Unicode's. This is loaded when it is first needed.
 */

/** @typedef {{emoji: string, name: string, words: string}} Emoji */
/** @typedef {'smileys' | 'hands' | 'hearts' | 'nature' | 'food' | 'doing' | 'things' | 'signs'} GroupName */

/** One line each: the emoji, its name, and after a comma what else it is called. @type {Record<GroupName, string>} */
const LINES = {
  smileys: `😀 grinning,smile happy
😄 smile,happy joy laugh
😁 beaming,grin teeth
😆 laughing,haha squint
😅 sweat smile,relief phew nervous
😂 tears of joy,lol laugh cry funny
🤣 rolling laughing,rofl lol
🙂 slight smile,ok fine
🙃 upside down,silly irony
😉 wink,joke
😊 blush,smile warm happy
😇 innocent,angel halo
🥰 in love,hearts adore
😍 heart eyes,love
🤩 star struck,wow amazed
😘 kiss,love
😋 yum,tasty delicious
😜 tongue wink,joke crazy
🤪 zany,crazy goofy
🤗 hug,thanks
🤭 giggle,oops
🤫 quiet,shush secret
🤔 thinking,hmm consider
🫡 salute,yes respect
🤨 raised eyebrow,doubt suspicious
😐 neutral,meh
😑 expressionless,meh
😶 no mouth,speechless silent
😏 smirk,sly
🙄 eye roll,annoyed
😬 grimace,awkward
😌 relieved,calm peace
😔 pensive,sad
😴 sleeping,tired zzz night
🤤 drooling,want
😷 mask,sick ill
🤒 fever,sick ill
🤕 hurt,bandage injured
🤧 sneeze,cold sick
🥵 hot,heat
🥶 cold,freezing
🤯 mind blown,shocked wow
🥳 party face,celebrate birthday
😎 cool,sunglasses
🤓 nerd,geek glasses
🧐 monocle,inspect look
😕 confused,unsure
😟 worried,concern
🙁 frown,sad
😮 wow,open mouth surprised
😲 astonished,shocked
😳 flushed,embarrassed
🥺 pleading,please puppy
😢 crying,sad tear
😭 sobbing,cry sad loud
😱 scream,fear shock
😤 triumph,huff steam
😠 angry,mad
😡 rage,angry red
🤬 swearing,curse angry
😈 devil,evil mischief
💀 skull,dead
💩 poo,shit
🤡 clown,silly
👻 ghost,boo halloween
👽 alien,space
🤖 robot,bot machine
😺 cat smile,happy
🙈 see no evil,monkey hide
🙉 hear no evil,monkey
🙊 speak no evil,monkey oops`,
  hands: `👍 thumbs up,yes like agree ok good plus +1
👎 thumbs down,no dislike disagree minus -1
👌 ok hand,perfect fine
✌️ victory,peace two
🤞 fingers crossed,luck hope
🤟 love you,hand
🤘 rock on,metal horns
🤙 call me,hang loose
👈 left,point
👉 right,point
👆 up,point this above
👇 down,point below
☝️ one,point up first
✋ raised hand,stop high five
👋 wave,hello hi bye
👏 clap,applause bravo
🙌 raised hands,hooray praise
🫶 heart hands,love
🤝 handshake,deal agree
🙏 thank you,please pray thanks folded
✍️ writing,note
💪 strong,muscle power
🤷 shrug,dunno unsure
🤦 facepalm,oh no
🙋 raising hand,question me
🙇 bow,sorry thanks
🏃 running,run hurry late
💃 dancing,party
🧠 brain,smart think
👀 eyes,look see watching
👤 person,user
👥 people,users group
👶 baby,child
🧑‍💻 at the computer,developer code work`,
  hearts: `❤️ heart,love red
🧡 orange heart,love
💛 yellow heart,love
💚 green heart,love
💙 blue heart,love
💜 purple heart,love
🖤 black heart,love
🤍 white heart,love
💔 broken heart,sad
💕 two hearts,love
💖 sparkling heart,love
💯 hundred,perfect full agree
💥 boom,explosion bang
💫 dizzy,star
💦 splash,water sweat
💤 sleep,zzz
💬 speech,chat message
💭 thought,think
🔥 fire,hot lit
✨ sparkles,new clean magic
⭐ star,favourite
🌟 glowing star,great
🎉 party,tada celebrate congratulations
🎊 confetti,celebrate`,
  nature: `🐶 dog,pet
🐱 cat,pet
🐭 mouse,animal
🐰 rabbit,bunny
🦊 fox,animal
🐻 bear,animal
🐼 panda,animal
🐸 frog,animal
🐵 monkey,animal
🐔 chicken,animal
🐧 penguin,linux
🐦 bird,animal
🦆 duck,rubber debug
🦉 owl,night
🐝 bee,insect
🐛 bug,insect error caterpillar
🦋 butterfly,insect
🐌 snail,slow
🐢 turtle,slow
🐍 snake,python
🐙 octopus,animal
🐬 dolphin,animal
🐳 whale,docker
🦄 unicorn,magic
🌱 seedling,plant grow
🌳 tree,plant
🌵 cactus,plant
🍀 clover,luck
🌸 blossom,flower spring
🌹 rose,flower
🌻 sunflower,flower
🍁 maple leaf,autumn
🌍 earth,world globe
🌙 moon,night
☀️ sun,weather summer
⛅ cloudy,weather
🌧️ rain,weather
⛈️ storm,weather thunder
❄️ snow,winter cold
⚡ lightning,fast power
🌈 rainbow,pride
🌊 wave,sea water`,
  food: `🍎 apple,fruit
🍌 banana,fruit
🍓 strawberry,fruit
🍅 tomato,vegetable
🥑 avocado,fruit
🥕 carrot,vegetable
🌶️ hot pepper,chili spicy
🍞 bread,bakery
🧀 cheese,food
🍔 burger,food
🍟 fries,food
🍕 pizza,food lunch
🌮 taco,food
🍜 noodles,ramen soup
🍣 sushi,food
🍦 ice cream,dessert
🍩 doughnut,dessert
🍪 cookie,biscuit
🎂 cake,birthday
🍫 chocolate,sweet
🍿 popcorn,film drama
☕ coffee,tea hot drink break
🍵 tea,green drink
🍺 beer,drink
🍻 cheers,beer drink
🥂 toast,champagne cheers
🍷 wine,drink`,
  doing: `⚽ football,soccer sport
🏀 basketball,sport
🎾 tennis,sport
🏆 trophy,win winner
🥇 gold medal,first win
🎯 target,bullseye exact goal
🎮 game,play controller
🎲 dice,chance game
🎸 guitar,music
🎵 music,note song
🎬 film,movie action
🎨 art,paint design
🚗 car,drive
🚲 bicycle,bike
🚆 train,travel
✈️ aeroplane,plane travel flight
🚀 rocket,launch ship fast release
🚢 ship,ship it release
🏠 house,home
🏢 office,work building
🏖️ beach,holiday vacation
⛰️ mountain,hike`,
  things: `📌 pin,pushpin
📎 paperclip,attach
📝 memo,note write
📅 calendar,date
📈 chart up,growth rise
📉 chart down,fall
📊 bar chart,numbers
📦 package,box release
📚 books,read docs
📖 book,read
✏️ pencil,edit write
✂️ scissors,cut
🔍 magnifier,search find
🔗 link,chain
🔒 lock,private secure
🔓 unlock,open
🔑 key,password
🔧 wrench,fix tool
🔨 hammer,build tool
⚙️ gear,settings
🧪 test tube,test experiment
🧹 broom,clean
💡 idea,bulb light
💻 laptop,computer
📱 phone,mobile
☎️ telephone,call
📷 camera,photo
🎤 microphone,talk
🎧 headphones,listen
🔔 bell,notify
🔕 bell off,mute
📣 megaphone,announce
📢 loudspeaker,announce
⏰ alarm,clock time
⏳ hourglass,wait time
⌛ hourglass done,wait time
💰 money,bag
🎁 gift,present
🎈 balloon,birthday
🗑️ bin,trash delete
📬 mailbox,mail post`,
  signs: `✅ done,check yes tick
☑️ checked,box tick
✔️ check,tick yes
❌ cross,no wrong
❎ cross button,no
➕ plus,add
➖ minus,remove
❓ question,what
❗ exclamation,important
‼️ double exclamation,important
⚠️ warning,caution careful
🚨 alarm light,siren alert urgent
🚧 construction,work in progress wip
⛔ no entry,stop
🚫 forbidden,no
🛑 stop,sign
🔴 red circle,stop
🟠 orange circle,dot
🟡 yellow circle,dot
🟢 green circle,go
🔵 blue circle,dot
⬆️ up arrow,above
⬇️ down arrow,below
➡️ right arrow,next
⬅️ left arrow,back
🔄 again,repeat refresh sync
🔁 repeat,loop
♻️ recycle,reuse
🆕 new,button
🆗 ok button,fine
🆘 sos,help
ℹ️ information,info
🏁 finish,flag done
🚩 red flag,problem
🏳️‍🌈 rainbow flag,pride
🇪🇺 europe,flag eu`,
};

/** @param {string} line @returns {Emoji} */
function read(line) {
  const space = line.indexOf(' ');
  const [name, others] = line.slice(space + 1).split(',');
  return { emoji: line.slice(0, space), name, words: `${name} ${others}` };
}

/** All of them, by group. */
export const GROUPS = /** @type {[GroupName, Emoji[]][]} */ (
  Object.entries(LINES).map(([group, lines]) => [group, lines.split('\n').map(read)])
);

/** All of them in one list. */
export const ALL = GROUPS.flatMap(([, found]) => found);

/**
 * Those of which some word begins with each of the words searched; whose name it is come first, then whose name begins so.
 *
 * @param {string} searched
 */
export function findEmoji(searched) {
  const begins = searched.toLocaleLowerCase().split(/[\s_]+/).filter(Boolean);
  const found = ALL.filter(({ words, emoji }) =>
    emoji === searched.trim() || begins.every((begun) => words.split(' ').some((word) => word.startsWith(begun))));
  const whole = begins.join(' ');
  const rank = (/** @type {Emoji} */ { name }) => (name === whole ? 0 : name.startsWith(whole) ? 1 : 2);
  return found.sort((a, b) => rank(a) - rank(b));
}

/** What an emoji is called; empty where it is none of these. @param {string} emoji */
export function nameOf(emoji) {
  return ALL.find((one) => one.emoji === emoji)?.name ?? '';
}
